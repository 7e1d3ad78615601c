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
		options: ErrorOptions & { code?: ErrorCode } = {}
	) {
		super(message, options);
		this.code = options.code;
	}
	/** For what the lab itself answers, e.g. by asking for a shape. */
	readonly code: ErrorCode | undefined;
}

export type ErrorCode = 'shape-needed' | 'offline' | 'too-large' | 'refused' | 'ended';

/** An error as it crosses threads: class and fields of an Error do not survive a postMessage. */
export interface ErrorData {
	name: string;
	message: string;
	hint: string;
	code?: ErrorCode;
	stack?: string;
}

export function errorData(error: unknown): ErrorData {
	if (error instanceof LabError)
		return { name: error.name, message: error.message, hint: error.hint, ...(error.code ? { code: error.code } : {}) };
	if (error instanceof Error)
		return { name: error.name, message: error.message, hint: '', ...(error.stack ? { stack: error.stack } : {}) };
	return { name: 'Error', message: String(error), hint: '' };
}

/** Back to something that can be thrown. */
export function errorFrom(data: ErrorData): Error {
	if (data.name === 'LabError') return new LabError(data.message, data.hint, data.code ? { code: data.code } : {});
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
