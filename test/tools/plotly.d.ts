/** The part of Plotly that the tests ask. */
declare module 'plotly.js-basic-dist-min' {
	interface Plotly {
		/** What is wrong with a figure; undefined for nothing. */
		validate(data: unknown[], layout: unknown): unknown[] | undefined;
		newPlot(div: HTMLElement, data: unknown[], layout: unknown): Promise<unknown>;
	}
	const plotly: Plotly;
	export default plotly;
}
