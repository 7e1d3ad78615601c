/**
 * Puts a plot of Observable Plot into its place. A click takes the point that its pointer is at.
 * @returns what lets go of the click
 */
export function shownPlot<Point>(place: HTMLElement, plot: Element, onpick: (point: Point) => void): () => void {
	plot.setAttribute('aria-hidden', 'true');
	const pick = () => {
		const point = (plot as unknown as { value: Point | null }).value;
		if (point) onpick(point);
	};
	plot.addEventListener('click', pick);
	place.replaceChildren(plot);
	return () => plot.removeEventListener('click', pick);
}
