import { createRoot } from 'react-dom/client'
import { createApi, takeToken } from './api.ts'
import { App } from './app.tsx'
import { Screen } from './parts.tsx'
import './styles.css'
import { sentenceOf } from './words.ts'

const token = takeToken()
const root = document.getElementById('root')
if (root) {
  const none = sentenceOf('link_not_usable')
  createRoot(root).render(
    token ? (
      <App api={createApi(token)} />
    ) : (
      <Screen title={none.title} client="">
        <p className="lead">{none.body}</p>
      </Screen>
    ),
  )
}
