import type { AxiosInstance } from 'axios'

/** The needed part of what Element Plus passes to `http-request`, and Ant Design (Vue) to `customRequest`. */
interface Upload {
  action: string
  filename?: string
  file: unknown
  data?: Record<string, unknown> | undefined
  onProgress?(event: { percent: number }): void
}

async function send(api: AxiosInstance, upload: Upload, signal?: AbortSignal): Promise<unknown> {
  const { action, filename = 'file', file, data = {}, onProgress } = upload
  const form = new FormData()
  for (const [name, value] of Object.entries(data)) form.append(name, String(value))
  form.append(filename, file as Blob)
  const { data: reply } = await api.post(action, form, {
    onUploadProgress: ({ progress = 0 }) => onProgress?.({ percent: progress * 100 }),
    ...(signal && { signal }),
  })
  return reply
}

/** Element Plus: `<el-upload action="/files" :http-request="elementUpload(api)" />`, without `:headers`. */
export const elementUpload =
  (api: AxiosInstance) =>
  (upload: Upload): Promise<unknown> =>
    send(api, upload)

interface AntUpload extends Upload {
  onSuccess?(reply: unknown): void
  onError?(error: Error): void
}

/** Ant Design: `<Upload action="/files" customRequest={antUpload(api)} />`, without `headers`. */
export const antUpload =
  (api: AxiosInstance) =>
  (upload: AntUpload): { abort(): void } => {
    const controller = new AbortController()
    send(api, upload, controller.signal).then(
      (reply) => upload.onSuccess?.(reply),
      (error: Error) => upload.onError?.(error),
    )
    return { abort: () => controller.abort() }
  }
