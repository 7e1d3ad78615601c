/** A weight as its file holds it, decoded: what a loader hands to the engine. */
export interface StoredWeight {
	shape: number[];
	dtype: 'float32' | 'int32' | 'bool';
	/** Null where the file that holds them is missing. */
	values: Float32Array | Int32Array | Uint8Array | null;
	/** How the file stored it, where that differs from `dtype`: float16, uint8, uint16. */
	stored?: string;
}
