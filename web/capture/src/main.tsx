import { createRoot } from 'react-dom/client'
import { createApi, takeToken } from './api.ts'
import { App, NoLink } from './app.tsx'
import './styles.css'
import { WordsProvider } from './words/words.tsx'

const token = takeToken()
const root = document.getElementById('root')
if (root) createRoot(root).render(<WordsProvider>{token ? <App api={createApi(token)} /> : <NoLink />}</WordsProvider>)
