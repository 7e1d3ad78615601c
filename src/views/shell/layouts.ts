/** Views that go together, ready to be chosen: one entry each, which names the views (`parsePanes`). */
export interface ReadyLayout {
	id: string;
	title: string;
	note: string;
	panes: string;
}

export const layouts: readonly ReadyLayout[] = [
	{
		id: 'why',
		title: 'Why',
		note: 'Attribution beside feature maps',
		panes: 'h.attribution.feature-maps'
	},
	{
		id: 'errors',
		title: 'Errors',
		note: 'The map of a data set beside attribution',
		panes: 'h60.embedding.attribution'
	},
	{
		id: 'versus',
		title: 'A against B',
		note: 'Attribution of two models, on the same input and class',
		panes: 'h.attribution.b-attribution'
	},
	{
		id: 'learn',
		title: 'Learn',
		note: 'Playground beside decision slices',
		panes: 'h60.playground.slices'
	}
];
