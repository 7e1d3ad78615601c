/** A method's parameters as plain data: they draw their own form, travel in the link, and are checked here. */

interface Described {
	id: string;
	title: string;
	help: string;
}

export type ParameterSpec =
	| (Described & {
			kind: 'number';
			default: number;
			min: number;
			max: number;
			step: number;
			integer?: boolean;
			unit?: string;
	  })
	| (Described & { kind: 'choice'; default: string; options: readonly { id: string; title: string }[] })
	| (Described & { kind: 'boolean'; default: boolean })
	/** A node of the graph, from the model's list of candidate layers; empty means "choose for me". */
	| (Described & { kind: 'layer'; default: '' });

export type ParameterValue = number | string | boolean;
export type Parameters = Readonly<Record<string, ParameterValue>>;

type NumberSpec = Extract<ParameterSpec, { kind: 'number' }>;
type Bounds = Partial<Pick<NumberSpec, 'min' | 'max' | 'step' | 'integer' | 'unit'>>;

/** From 0 to 1 by hundredths, where `bounds` does not say otherwise. */
export const number = (id: string, title: string, help: string, otherwise: number, bounds: Bounds): ParameterSpec => ({
	...{ id, title, help, kind: 'number', default: otherwise, min: 0, max: 1, step: 0.01 },
	...bounds
});

/** One of `options` (id: title), the first where none is asked for. */
export const choice = (
	id: string,
	title: string,
	help: string,
	options: Readonly<Record<string, string>>,
	otherwise = Object.keys(options)[0] ?? ''
): ParameterSpec => ({
	...{ id, title, help, kind: 'choice', default: otherwise },
	options: Object.entries(options).map(([id, title]) => ({ id, title }))
});

export const flag = (id: string, title: string, help: string, otherwise: boolean): ParameterSpec => ({
	...{ id, title, help, kind: 'boolean', default: otherwise }
});

/** Any value -> one that the spec allows. */
export function validParameter(spec: ParameterSpec, value: unknown): ParameterValue {
	switch (spec.kind) {
		case 'number': {
			const number = typeof value === 'string' && value.trim() ? Number(value) : value;
			if (typeof number !== 'number' || !Number.isFinite(number)) return spec.default;
			const bounded = Math.min(spec.max, Math.max(spec.min, number));
			return spec.integer ? Math.round(bounded) : bounded;
		}
		case 'choice':
			return spec.options.some((option) => option.id === value) ? (value as string) : spec.default;
		case 'boolean':
			return value === true || value === 'true' ? true : value === false || value === 'false' ? false : spec.default;
		case 'layer':
			return typeof value === 'string' ? value : spec.default;
	}
}

/** Every parameter of `specs`, valid, with defaults for what `given` lacks. */
export function validParameters(specs: readonly ParameterSpec[], given: Readonly<Record<string, unknown>>): Parameters {
	return Object.fromEntries(specs.map((spec) => [spec.id, validParameter(spec, given[spec.id] ?? spec.default)]));
}
