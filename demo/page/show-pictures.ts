import type { SideName } from '../backend/side-names.js'
import { latencyOf } from './burst.js'
import { baseUrlOf } from './clients/client.js'
import { beginImageExchange, endImageExchange } from './image-exchange.js'
import type { Recorder } from './model/recorder.js'
import type { Gallery } from './views/gallery.js'
import type { Wire } from './wire.js'

export interface ShowPicturesParts {
  gallery: Gallery
  recorder: Recorder
  wire: Wire
}

/** Puts pictures of the API into the page, by elements that send no token of their own. Waits until each is there or broken. */
export async function showPictures(
  side: SideName,
  pictures: number,
  { gallery, recorder, wire }: ShowPicturesParts,
): Promise<void> {
  async function show(path: string, index: number): Promise<void> {
    const url = new URL(`${path}?latencyMs=${latencyOf(index)}`, baseUrlOf(side, 'headers')).href
    // What the worker sends, the worker tells.
    if (side === 'with-worker') return gallery.hang(side, url)
    const exchange = beginImageExchange(side, path, url)
    wire.relay(exchange)
    await gallery.hang(side, url).finally(() => wire.relay(endImageExchange(exchange, url)))
  }

  await Promise.all(
    Array.from({ length: pictures }, (_, index) =>
      recorder.track(side, (path) => show(path, index), 'pictures'),
    ),
  )
}
