import type { LayerParting, PartingDetail } from '#contracts/parting.ts';
import { formatted } from '#maths/format.ts';

/** Relative difference up to which two runs count as one, where nothing else is said: what float32 keeps over many layers. */
const TOLERANCE = 1e-3;

/** The tolerance that a link or a field says; nonsense says nothing. */
export function toleranceOf(text: string): number {
	const value = Number(text);
	return text.trim() && Number.isFinite(value) && value > 0 ? value : TOLERANCE;
}

/** Whether a pair differs by more; a number beside none always does. */
export const isBeyond = ({ relative, unlike }: Pick<LayerParting, 'relative' | 'unlike'>, tolerance: number): boolean =>
	unlike > 0 || relative > tolerance;

/** The first in the order of the open model, or null. */
export const firstBeyond = (layers: readonly LayerParting[], tolerance: number): LayerParting | null =>
	layers.find((layer) => isBeyond(layer, tolerance)) ?? null;

const named = ({ a, b }: Pick<LayerParting, 'a' | 'b'>) => (a === b ? `“${a}”` : `“${a}” (“${b}” in B)`);

/** Where they part, in one sentence. */
export function partingSentence(layers: readonly LayerParting[], tolerance: number, whole: boolean): string {
	const so = whole ? '' : ' so far';
	if (!layers.length) return `No two layers have the same number of elements${so}: nothing can be compared.`;
	const first = firstBeyond(layers, tolerance);
	if (!first) {
		const most = layers.reduce((x, y) => (y.relative > x.relative ? y : x));
		const far = most.relative ? `the largest relative difference is ${formatted(most.relative)}, at ${named(most)}` : 'all are equal'; // prettier-ignore
		return `Nothing is beyond the tolerance${so}: of ${layers.length} layers, ${far}.`;
	}
	const figures = first.unlike
		? `${first.unlike} of its values are no number on one side only`
		: `relative difference ${formatted(first.relative)}, at most ${formatted(first.maxAbs)}`;
	return `${named(first)} is the first layer beyond the tolerance${so}: ${figures}.`;
}

/** Where the largest difference lies, by the names of the axes. */
export function positionWords({ shape, largest }: Pick<PartingDetail, 'shape' | 'largest'>): string {
	if (!largest) return '';
	const names =
		{ 1: ['unit'], 2: ['step', 'channel'], 3: ['row', 'column', 'channel'] }[shape.length] ??
		shape.map((_, axis) => `axis ${axis + 1} at`);
	return largest.at.map((position, axis) => `${names[axis]} ${position}`).join(', ');
}

/** Channels that are looked at one at a time: those of maps. */
export const channelCount = (shape: readonly number[]): number => (shape.length > 2 ? (shape.at(-1) ?? 1) : 1);
