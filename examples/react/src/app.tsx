import { useQuery } from '@tanstack/react-query'
import { useSession } from 'latchkey/react'
import { type FormEvent, Fragment, type ReactNode, useSyncExternalStore } from 'react'
import { api, queryClient, session, signIn } from './session'

export function App(): ReactNode {
  const route = useSyncExternalStore(onRoute, () => location.hash)
  return (
    <>
      <nav>
        <a href="#/">Home</a> <a href="#/account">Account</a>
      </nav>
      {route === '#/account' ? <Protected page={<Account />} /> : <p>Everybody can read this.</p>}
    </>
  )
}

function onRoute(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** A page for those who are signed in, a new one for each user; the others sign in first. */
function Protected({ page }: { page: ReactNode }): ReactNode {
  const state = useSession(session)
  if (state.status === 'loading') return <p>One moment…</p>
  return state.status === 'signed-in' ? <Fragment key={state.claims?.sub}>{page}</Fragment> : <SignIn />
}

function SignIn(): ReactNode {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    signIn(String(new FormData(event.currentTarget).get('name')))
  }
  return (
    <form onSubmit={submit}>
      <label>
        Name <input name="name" required />
      </label>
      <button type="submit">Sign in</button>
    </form>
  )
}

/** The signal aborts the request when nobody needs it any more, also while it waits for a new token. */
function useApi<T>(path: string) {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get<T>(path, { signal }).then(({ data }) => data),
  })
}

function Account(): ReactNode {
  const profile = useApi<{ name: string }>('/api/profile')
  const orders = useApi<string[]>('/api/orders')
  return (
    <>
      <h1>{profile.data ? `Hello, ${profile.data.name}` : '…'}</h1>
      <ul>
        {orders.data?.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
      <output>{profile.isFetching || orders.isFetching ? 'Loading' : 'Loaded'}</output>
      <button type="button" onClick={() => queryClient.invalidateQueries()}>
        Load again
      </button>
      <button type="button" onClick={() => session.signOut()}>
        Sign out
      </button>
    </>
  )
}
