/** Attributes as a GraphDef in JSON has them. */
export const attributes = {
	text: (value: string) => ({ s: btoa(value) }),
	texts: (values: readonly string[]) => ({ list: { s: values.map((value) => btoa(value)) } }),
	int: (value: number) => ({ i: String(value) }),
	ints: (values: readonly number[]) => ({ list: { i: values.map(String) } }),
	float: (value: number) => ({ f: value }),
	bool: (value: boolean) => ({ b: value }),
	type: (dtype: 'float32' | 'int32' | 'bool') => ({ type: { float32: 1, int32: 3, bool: 10 }[dtype] }),
	/** -1 for a size that is left open. */
	shape: (sizes: readonly number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } })
};
