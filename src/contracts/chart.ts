/** A chart as plain data: drawn on the page, saved as a picture, and handed to Plotly, all from the same numbers. */

/** Tokens of src/app.css. */
type ChartColour = 'accent' | 'muted' | 'warning' | 'error' | 'text' | 'bar';

export interface ChartAxis {
	label: string;
	/** Numbers that are not positive do not appear on a logarithmic one. */
	kind?: 'linear' | 'log';
	domain?: readonly [low: number, high: number];
	/** In the place of numbers. */
	ticks?: readonly { at: number; label: string }[];
}

interface Drawn {
	name: string;
	colour: ChartColour;
}

export type ChartSeries =
	/** From `from` to `to`, as high as `y`. */
	| (Drawn & { kind: 'bars'; from: ArrayLike<number>; to: ArrayLike<number>; y: ArrayLike<number> })
	| (Drawn & { kind: 'line'; x: ArrayLike<number>; y: ArrayLike<number>; dashed?: boolean })
	| (Drawn & { kind: 'dots'; x: ArrayLike<number>; y: ArrayLike<number> })
	| (Drawn & { kind: 'area'; x: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> })
	/** Across the whole chart, at one x or one y. */
	| (Drawn & { kind: 'rule'; x: number })
	| (Drawn & { kind: 'rule'; y: number });

export interface ChartSpec {
	title: string;
	x: ChartAxis;
	y: ChartAxis;
	series: readonly ChartSeries[];
}
