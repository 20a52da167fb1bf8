import { apiOrigin } from './api.js'
import { familyOf } from './auth-server.js'
import type { CreateWatch } from './watch.js'

/**
 * What was meant for one user never goes out for another, and not for nobody either, whoever sends its config again: the
 * session itself after a wait, a plugin an hour later, or the app in a page that began a new session.
 *
 * The same user may have signed in anew, and where the tokens say so, those serve as well.
 */
export const onlyForItsUser: CreateWatch = (world, report) => ({
  hear(happening) {
    if (happening.type !== 'request-sent') return
    const { tab, request } = happening
    const { family, url, sends } = request
    if (family === undefined || !url.startsWith(apiOrigin)) return
    const token = sends.at(-1) ?? null
    if (token === null || !world.server.isSameUser(familyOf(token), family))
      report(`11: ${tab.name} sent ${url} of family ${family} with ${token}`)
  },
})
