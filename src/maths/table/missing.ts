/** How tables say that a cell says nothing. */

/** Whatever stands beside it: nobody calls a thing so. */
const ALWAYS = new Set([
	'',
	'NA',
	'N/A',
	'n/a',
	'#N/A',
	'#NA',
	'<NA>',
	'NaN',
	'nan',
	'NAN',
	'-nan',
	'null',
	'NULL',
	'?',
	'\\N'
]);
/** Among numbers; among words these may be names. */
const AMONG_NUMBERS = new Set([
	...['na', 'none', 'null', 'missing', 'unknown', 'undefined', 'void', 'n.a.', 'nd', 'n.d.', 'nil', 'empty', 'n/a'],
	...[
		'-',
		'--',
		'–',
		'—',
		'.',
		'..',
		'...',
		'*',

		'#n/a',
		'#na',
		'#value!',
		'#div/0!',
		'#ref!',
		'#num!',
		'#name?',
		'(null)'
	]
]);

export const isMissing = (cell: string): boolean => ALWAYS.has(cell);

/** Of a cell that is not missing in any case: whether it is, among numbers or dates. */
export const isMissingAmongNumbers = (cell: string): boolean => AMONG_NUMBERS.has(cell.toLowerCase());
