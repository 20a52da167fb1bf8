/** On which the guarding worker tells of its exchanges, whole ones of the type `Exchange`. Tokens are shortened before. */
export const workerChannel = 'latchkey-demo-worker'
