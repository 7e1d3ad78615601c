/** A weight as its file holds it, decoded: what a loader hands to the engine. */
export interface StoredWeight {
	shape: number[];
	dtype: 'float32' | 'int32' | 'bool';
	/** Null where the file that holds them is missing, or they are read later. */
	values: Float32Array | Int32Array | Uint8Array | null;
	/** Reads them, of that dtype. */
	later?: () => Promise<Float32Array | Int32Array | Uint8Array>;
	/** How the file stored it, where that differs from `dtype`: float16, uint8, uint16. */
	stored?: string;
	/** Which weight of which layer it is, where the file says so by location and not by name. */
	location?: WeightLocation;
}

export interface WeightLocation {
	/** The names of the models that the layer lies in and its own, with slashes between. */
	layer: string;
	/** Among the layer's weights; null: it belongs somewhere into the model of that path, by its name. */
	index: number | null;
	/** Whether its name is worth showing: some files number their weights only. */
	named: boolean;
}
