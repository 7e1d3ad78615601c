import type { Preprocessing } from '#contracts/preprocessing.ts';
import { FlatTable } from '#loaders/tflite/flatbuffer.ts';
import type { TfliteModel } from '#loaders/tflite/schema.ts';

/** How far apart the numbers of a type lie from the pixel that they stand for, by the schema's TensorType. */
const SHIFT: ReadonlyMap<number, number> = new Map([
	[3, 0], // uint8
	[9, -128] // int8
]);

/**
 * What pixels become: a quantised input says what each of its 256 numbers stands for; of others the metadata may
 * (tensorflow/lite/support, metadata_schema.fbs: NormalizationOptions).
 */
export function preprocessingOf({ tensors, inputs, metadata }: TfliteModel): Partial<Preprocessing> | undefined {
	const input = tensors[inputs[0] ?? -1];
	if (!input) return undefined;
	const shift = SHIFT.get(input.type);
	const [scale, zero = 0] = [input.scale[0], input.zero[0]];
	if (shift !== undefined && scale !== undefined && Number.isFinite(scale))
		return range((shift - zero) * scale, (shift + 255 - zero) * scale);
	const { mean, std } = normalisationIn(metadata);
	const channels = mean.length;
	if (!channels || std.length !== channels || ![...mean, ...std].every(Number.isFinite) || std.includes(0))
		return undefined;
	const alike = (list: readonly number[]) => list.every((value) => value === list[0]);
	const [m, s] = [mean[0] as number, std[0] as number];
	if (alike(mean) && alike(std)) return range(-m / s, (255 - m) / s);
	if (channels !== 3) return undefined;
	return { normalisation: { kind: 'standard', mean: mean.map((n) => n / 255), std: std.map((n) => n / 255) } };
}

const range = (low: number, high: number): Partial<Preprocessing> => ({ normalisation: { kind: 'range', low, high } });

const NORMALISATION = 1;

function normalisationIn(metadata: Uint8Array<ArrayBuffer> | null): { mean: number[]; std: number[] } {
	const none = { mean: [], std: [] };
	if (!metadata) return none;
	try {
		const [graph] = FlatTable.root(metadata).tables(3);
		const [input] = graph?.tables(2) ?? [];
		const unit = input
			?.tables(4)
			.find((one) => one.int8(0) === NORMALISATION)
			?.table(1);
		return unit ? { mean: unit.floats(0), std: unit.floats(1) } : none;
	} catch (error) {
		// What is said beside the model can be broken without it.
		if (error instanceof RangeError) return none;
		throw error;
	}
}
