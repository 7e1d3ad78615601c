import { textBox, type Box, type SvgElement, type SvgScene } from '#maths/figures/svg.ts';

/** What tests look for in a scene. */

export function all(elements: readonly SvgElement[], tag?: SvgElement['tag']): SvgElement[] {
	return elements.flatMap((element) => [
		...(!tag || element.tag === tag ? [element] : []),
		...all(element.children ?? [], tag)
	]);
}

export const texts = (elements: readonly SvgElement[]): string[] => all(elements, 'text').map(({ text }) => text ?? '');

export const sceneTexts = (scene: SvgScene): string[] => texts(scene.elements);

/** How far two boxes reach into each other, along the axis where that is least. */
export function overlap(a: Box, b: Box): number {
	const x = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
	const y = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
	return Math.min(x, y);
}

/** Pairs of texts that cover each other by more than a hair. */
export function colliding(elements: readonly SvgElement[]): string[] {
	const list = all(elements, 'text');
	return list.flatMap((a, i) =>
		list
			.slice(i + 1)
			.filter((b) => overlap(textBox(a), textBox(b)) > 0.5)
			.map((b) => `${a.text} | ${b.text}`)
	);
}

/** The groups of the layers, by id. */
export const layerGroups = (elements: readonly SvgElement[]): Map<string, SvgElement> =>
	new Map(
		all(elements, 'g').flatMap((g) => {
			const id = g.attributes['data-layer'];
			return id === undefined ? [] : [[String(id), g] as const];
		})
	);
