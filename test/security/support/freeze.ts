// Imported after axios, which cannot be loaded with a frozen `Object.prototype`, and before the library.
if (process.argv[2] === 'frozen') {
  for (const { prototype } of [Object, Array, Function]) Object.freeze(prototype)
}
