import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi, takeCode, takeToken } from './api.ts'
import { App } from './app.tsx'
import { TakeOver } from './screens/take-over.tsx'
import './styles.css'
import { WordsProvider } from './words/words.tsx'

const code = takeCode()
const api = createApi(takeToken())
// A second code in the same tab is a new beginning.
window.addEventListener('hashchange', () => window.location.hash && window.location.reload())

/** A code is looked at and agreed to first; a link, or the key that this device got from one, leads into the check. */
const Page = () => {
  const [isTaken, setTaken] = useState(code === null)
  return isTaken ? <App api={api} /> : <TakeOver api={api} code={code ?? ''} onTaken={() => setTaken(true)} />
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <WordsProvider>
      <Page />
    </WordsProvider>,
  )
