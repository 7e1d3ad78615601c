/** What a pickle of PyTorch may hold, as plain data: nothing of it is ever called. */

export type Value =
	| null
	| boolean
	| number
	| bigint
	| string
	| Uint8Array
	| Value[]
	| Map<Value, Value>
	| Global
	| Opaque
	| StorageReference
	| TensorReference;

/** A name of Python: `torch.FloatStorage`. */
export class Global {
	constructor(readonly name: string) {}
}

/** What would be made by calling a name that is not known: its parts, and nothing of it made. */
export class Opaque {
	/** What was set on it afterwards. */
	state: Value = null;
	readonly items = new Map<Value, Value>();
	constructor(
		readonly name: string,
		readonly args: readonly Value[]
	) {}
}

/** Numbers that lie elsewhere in the file. */
export class StorageReference {
	constructor(
		readonly key: string,
		/** As the field calls it; `bytes` where the tensor says it. */
		readonly type: string,
		/** Of a view into another storage: numbers before it. */
		readonly start = 0
	) {}
}

export class TensorReference {
	constructor(
		readonly storage: StorageReference,
		readonly type: string,
		readonly offset: number,
		readonly shape: readonly number[],
		readonly strides: readonly number[]
	) {}
}

/** Why a pickle cannot be read, in half a sentence. */
export class PickleError extends Error {}
