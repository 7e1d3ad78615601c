import ts from 'typescript';

/**
 * Single changes to a source file that a test should notice.
 *
 * @typedef {{ start: number, end: number, text: string, line: number, was: string }} Mutant
 */

/** @type {Readonly<Record<number, string>>} */
const OPERATORS = {
	[ts.SyntaxKind.PlusToken]: '-',
	[ts.SyntaxKind.MinusToken]: '+',
	[ts.SyntaxKind.AsteriskToken]: '/',
	[ts.SyntaxKind.SlashToken]: '*',
	[ts.SyntaxKind.LessThanToken]: '<=',
	[ts.SyntaxKind.LessThanEqualsToken]: '<',
	[ts.SyntaxKind.GreaterThanToken]: '>=',
	[ts.SyntaxKind.GreaterThanEqualsToken]: '>',
	[ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
	[ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
	[ts.SyntaxKind.AmpersandAmpersandToken]: '||',
	[ts.SyntaxKind.BarBarToken]: '&&',
	[ts.SyntaxKind.PlusEqualsToken]: '-=',
	[ts.SyntaxKind.MinusEqualsToken]: '+='
};

/** @type {Readonly<Record<number, string>>} */
const EARLIER = { [ts.SyntaxKind.LessThanToken]: '+ 1 <', [ts.SyntaxKind.GreaterThanToken]: '- 1 >' };

/** Words for people, whose every letter no test should hold. @param {ts.Node} node */
const isMessage = (node) =>
	(ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) ||
	(ts.isPropertyAssignment(node) && /^(title|summary|help|hint|paper|order|step)$/.test(node.name.getText()));

/** Of a statement that is a block of one, that one. @param {ts.Statement} node @returns {ts.Statement} */
const alone = (node) =>
	ts.isBlock(node) && node.statements.length === 1 ? alone(/** @type {ts.Statement} */ (node.statements[0])) : node;

/**
 * How far long work is, and how often it looks up: `yield { done: i / count }`, `if (i % 512 === 511) checkpoint()`, `progress(0.5 * done)`, the last
 * two of `yield* within(job, 0.2, 0.5)`. Shown and not computed with, and any cadence gives the same result; that work can be
 * cancelled has tests of its own.
 * @param {ts.Node} node
 * @returns {boolean}
 */
const isPace = (node) =>
	(ts.isYieldExpression(node) &&
		!!node.expression &&
		ts.isObjectLiteralExpression(node.expression) &&
		node.expression.properties.every((one) => one.name?.getText() === 'done')) ||
	(ts.isCallExpression(node) && /(^|\.)progress$/.test(node.expression.getText())) ||
	(ts.isExpressionStatement(node) &&
		(isPace(node.expression) || /^(await )?(checkpoint|breathe)\(\)/.test(node.getText()))) ||
	(ts.isIfStatement(node) && !node.elseStatement && isPace(alone(node.thenStatement))) ||
	(!!node.parent &&
		ts.isCallExpression(node.parent) &&
		ts.isYieldExpression(node.parent.parent) &&
		node.parent.expression.getText() === 'within' &&
		node.parent.arguments.indexOf(/** @type {ts.Expression} */ (node)) > 0);

/** @param {ts.Node} node */
const isConst = (node) => (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;

/** Names of a file that stand only where it says how far it is or looks up: `const SLICE = 512`. @param {ts.SourceFile} file */
function paces(file) {
	/** @type {Map<string, boolean>} */
	const found = new Map();
	/** @param {ts.Node} node @param {boolean} within */
	const visit = (node, within) => {
		if (ts.isIdentifier(node) && !(ts.isVariableDeclaration(node.parent) && node.parent.name === node))
			found.set(node.text, within && (found.get(node.text) ?? true));
		ts.forEachChild(node, (child) => visit(child, within || isPace(child)));
	};
	visit(file, false);
	return new Set([...found].flatMap(([name, only]) => (only ? [name] : [])));
}

/** Where what is added is text. @param {ts.Expression} side @returns {boolean} */
const isText = (side) =>
	ts.isStringLiteral(side) ||
	ts.isTemplateExpression(side) ||
	ts.isNoSubstitutionTemplateLiteral(side) ||
	(ts.isBinaryExpression(side) && (isText(side.left) || isText(side.right)));

/** Without what only types say. @param {ts.Node} node */
const untyped = (node) => node.getText().replace(/\((\S+) as number\)|(\S+) as number/g, '$1$2');

/** `if (v < low) low = v` and `a > b ? a : b`: of equals it is the same which one is kept. @param {ts.BinaryExpression} node */
function isExtreme({ left, right, operatorToken, parent }) {
	if (!/^[<>]=?$/.test(operatorToken.getText())) return false;
	const [a, b] = [untyped(left), untyped(right)];
	if (ts.isConditionalExpression(parent))
		return [`${a} : ${b}`, `${b} : ${a}`].includes(`${untyped(parent.whenTrue)} : ${untyped(parent.whenFalse)}`);
	return ts.isIfStatement(parent) && !parent.elseStatement && untyped(alone(parent.thenStatement)) === `${b} = ${a};`;
}

/**
 * @param {string} text of a TypeScript file
 * @returns {Mutant[]} in the order of the file
 */
export function mutantsOf(text) {
	const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
	const pace = paces(file);
	/** @type {Mutant[]} */
	const found = [];
	/**
	 * @param {ts.Node} node
	 * @param {string} by
	 */
	const put = (node, by) => {
		const start = node.getStart(file);
		const { line } = file.getLineAndCharacterOfPosition(start);
		found.push({ start, end: node.end, text: by, line: line + 1, was: node.getText(file) });
	};
	/** @param {ts.Node} node */
	const visit = (node) => {
		if (ts.isVariableDeclaration(node) && isConst(node) && pace.has(node.name.getText(file))) return;
		if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
		if (ts.isTypeAliasDeclaration(node) || isMessage(node) || isPace(node)) return;
		if (ts.isBinaryExpression(node)) {
			// A turn too many reads and writes nothing past the end of typed arrays: loops are left a turn too early.
			const turn = ts.isForStatement(node.parent) && node.parent.condition === node;
			const by = (turn && EARLIER[node.operatorToken.kind]) || OPERATORS[node.operatorToken.kind];
			if (by && !(by === '-' && (isText(node.left) || isText(node.right))) && !isExtreme(node))
				put(node.operatorToken, by);
		} else if (ts.isPrefixUnaryExpression(node)) {
			if (node.operator === ts.SyntaxKind.ExclamationToken) put(node, `(${node.operand.getText(file)})`);
			else if (node.operator === ts.SyntaxKind.MinusToken && !ts.isNumericLiteral(node.operand))
				put(node, `(${node.operand.getText(file)})`);
		} else if (node.kind === ts.SyntaxKind.TrueKeyword) put(node, 'false');
		else if (node.kind === ts.SyntaxKind.FalseKeyword) put(node, 'true');
		else if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent)) {
			const value = Number(node.text.replaceAll('_', ''));
			// What is left to rounding: half as much again is as good.
			if (value === 0 || value > 1e-6)
				put(node, String(Number.isInteger(value) && value < 1e6 ? value + 1 : value * 1.5));
		} else if (ts.isConditionalExpression(node)) {
			put(node.condition, `!(${node.condition.getText(file)})`);
		} else if (ts.isIfStatement(node)) {
			put(node.expression, `!(${node.expression.getText(file)})`);
		} else if (
			ts.isExpressionStatement(node) &&
			/^(Call|Binary|PostfixUnary|Await)/.test(ts.SyntaxKind[node.expression.kind] ?? '')
		) {
			// A breath, a word of progress or a freeing changes no number; the tests of those are their own.
			if (
				!/(progress|breathe|dispose|phase|console)\b/.test(node.getText(file)) &&
				!/^super\(/.test(node.getText(file))
			)
				put(node, ';');
		} else if (
			ts.isReturnStatement(node) &&
			node.expression &&
			ts.isBlock(node.parent) &&
			node.parent.statements.length > 1 &&
			node !== node.parent.statements.at(-1)
		) {
			put(node, ';');
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

/** @param {string} text @param {Mutant} mutant */
export const applied = (text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end);

/**
 * Marks that tell which functions of a file run: an entry of a list each, which costs hot loops little.
 * @param {string} text
 * @param {string} name of the file
 * @returns {{ code: string, functions: { start: number, end: number }[] }} the file itself is function 0
 */
export function marked(text, name) {
	const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
	const functions = [{ start: 0, end: text.length }];
	const call = (/** @type {number} */ k) => `__marks && (__marks[${k}] = 1)`;
	/** @type {{ at: number, text: string }[]} */
	const inserts = [];
	/** @param {ts.Node} node */
	const visit = (node) => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body) {
			const body = /** @type {ts.Node} */ (node.body);
			const k = functions.push({ start: node.getStart(file), end: node.end }) - 1;
			if (ts.isBlock(body)) inserts.push({ at: body.getStart(file) + 1, text: `${call(k)};` });
			else inserts.push({ at: body.getStart(file), text: `(${call(k)}, ` }, { at: body.end, text: ')' });
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	inserts.push({ at: 0, text: `var __marks = globalThis.__reached?.(${JSON.stringify(name)}, ${functions.length});` });
	let code = text;
	// From the end, so that offsets stay; at one offset what closes comes before what opens.
	for (const { at, text: part } of inserts.map((one, i) => ({ ...one, i })).sort((a, b) => b.at - a.at || b.i - a.i))
		code = code.slice(0, at) + part + code.slice(at);
	return { code, functions };
}

/** The innermost function around an offset. @param {{ start: number, end: number }[]} functions @param {number} at */
export function functionAt(functions, at) {
	let best = 0;
	functions.forEach(({ start, end }, k) => {
		const own = /** @type {{ start: number, end: number }} */ (functions[best]);
		if (at >= start && at < end && end - start <= own.end - own.start) best = k;
	});
	return best;
}
