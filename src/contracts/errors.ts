/**
 * An error that a person is meant to read: one sentence that says what is wrong and where, one that says what to do.
 * Everything else that is thrown is a defect of the lab and is shown as such.
 */
export class LabError extends Error {
	override readonly name = 'LabError';
	constructor(
		/** What is wrong, and where: one sentence. */
		message: string,
		/** What to do about it: one sentence. */
		readonly hint = '',
		options: ErrorOptions & { code?: ErrorCode; choices?: readonly Choice[] } = {}
	) {
		super(message, options);
		this.code = options.code;
		this.choices = options.choices ?? [];
	}
	/** For what the lab itself answers, e.g. by asking for a shape. */
	readonly code: ErrorCode | undefined;
	/** With the code `choose`: what can be opened, to be offered. */
	readonly choices: readonly Choice[];
}

/** One of several things that an answer may be. */
export interface Choice {
	/** What `Source.part` is to be. */
	part: string;
	/** What it is, for people. */
	title: string;
}

export type ErrorCode = 'shape-needed' | 'absent' | 'offline' | 'too-large' | 'refused' | 'ended' | 'choose';

/** An error as it crosses threads: class and fields of an Error do not survive a postMessage. */
export interface ErrorData {
	name: string;
	message: string;
	hint: string;
	code?: ErrorCode;
	choices?: readonly Choice[];
	stack?: string;
}

export function errorData(error: unknown): ErrorData {
	if (error instanceof LabError)
		return {
			name: error.name,
			message: error.message,
			hint: error.hint,
			...(error.code ? { code: error.code } : {}),
			...(error.choices.length ? { choices: error.choices } : {})
		};
	if (error instanceof Error)
		return { name: error.name, message: error.message, hint: '', ...(error.stack ? { stack: error.stack } : {}) };
	return { name: 'Error', message: String(error), hint: '' };
}

/** Back to something that can be thrown. */
export function errorFrom(data: ErrorData): Error {
	if (data.name === 'LabError') {
		const { code, choices } = data;
		return new LabError(data.message, data.hint, { ...(code ? { code } : {}), ...(choices ? { choices } : {}) });
	}
	const error = new Error(data.message);
	error.name = data.name;
	if (data.stack) error.stack = data.stack;
	return error;
}

/** What an aborted job rejects with, on either side of a thread. */
export function isAbort(error: unknown): boolean {
	return error instanceof Error && error.name === 'AbortError';
}

export function throwIfAborted(signal: AbortSignal): void {
	if (signal.aborted) throw new DOMException('The job was cancelled.', 'AbortError');
}
