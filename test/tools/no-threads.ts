/**
 * Node has no `Worker` of the web; TF.js' WASM engine puts its own there, and what is tested next in the same process would
 * start threads that cannot read TypeScript and take the process with them.
 */
Reflect.deleteProperty(globalThis, 'Worker');
