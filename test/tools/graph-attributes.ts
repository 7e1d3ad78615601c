/** Attributes of nodes as a TF.js graph model writes them. */

export const s = (text: string) => ({ s: btoa(text) });
export const list = (...texts: string[]) => ({ list: { s: texts.map((text) => btoa(text)) } });
export const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
export const float = { type: 'DT_FLOAT' };

/** Of a convolution by single steps, as large as its input. */
export const conv = {
	T: float,
	strides: ints(1, 1, 1, 1),
	padding: s('SAME'),
	data_format: s('NHWC'),
	dilations: ints(1, 1, 1, 1)
};
