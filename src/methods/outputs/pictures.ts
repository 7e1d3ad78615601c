import type { OutputFacts } from '#contracts/output.ts';
import { operatorOf } from '#engine/model/operators/index.ts';
import { gridOf, timesAsLarge } from '#methods/outputs/facts.ts';
import { boxesOf } from '#methods/outputs/detector.ts';

/** What tells a grid that is a picture from one that is a mask. */

const NAMED = /recon|decod|denois|colou?ri[sz]|super.?res|inpaint|enhanc|generat|stylis|styliz|autoenc|image|restor/i;

/** Some of its values reach the end on more than one way, as over the skips of a U-Net. */
const hasSkips = ({ graph }: OutputFacts) =>
	graph.nodes.some(({ type, inputs }) => inputs.length > 1 && operatorOf(type).sign !== '') ||
	graph.nodes.some(({ type }) => /^concat/i.test(type));

/** Numbers of the same shape as the picture, by a network that has them through a narrow place only, or is called so. */
export function isReconstruction(facts: OutputFacts): boolean {
	const { picture, head, metadata } = facts;
	const grid = gridOf(facts);
	if (!grid || !picture || grid.channels !== picture.channels) return false;
	const factor = timesAsLarge([grid.height, grid.width], picture);
	if (factor === null || !Number.isInteger(factor)) return false;
	return NAMED.test(`${head.output} ${head.title} ${metadata.get('task') ?? ''}`) || !hasSkips(facts);
}

/** Channels of masks that boxes are multiplied with, as instance segmentation has them. */
export const looksLikePrototypes = (facts: OutputFacts): boolean =>
	facts.heads.length > 1 && (gridOf(facts)?.channels ?? 0) === 32 && boxesOf(facts) !== null;
