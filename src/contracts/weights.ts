/** The weights that a model has learned, as they are looked at: statistics, filters, spectra, pictures. All plain data. */

/** Shares of the quantiles in `WeightStatistics.quantiles`. */
export const QUANTILES = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999] as const;

/** Bins of every histogram that is shown. */
export const BINS = 128;

export interface Histogram {
	/** Ends of the first and the last bin; the bins are equally wide. */
	low: number;
	high: number;
	counts: readonly number[];
	/** Finite numbers outside the ends. */
	outside: number;
}

/** Of the finite numbers; what is NaN or infinite is counted apart. */
export interface WeightStatistics {
	size: number;
	nan: number;
	infinite: number;
	/** Exact zeros. */
	zeros: number;
	min: number;
	max: number;
	mean: number;
	/** Of the population: divided by n, as in NumPy. */
	std: number;
	/** Third and fourth standardised moments, of the population; the kurtosis less the normal distribution's 3. NaN without spread. */
	skewness: number;
	kurtosis: number;
	/** Σ|w|, √Σw², max|w|. */
	l1: number;
	l2: number;
	maxAbs: number;
	/** At `QUANTILES`, by linear interpolation (Hyndman & Fan 1996, type 7). */
	quantiles: readonly number[];
	/** Each quantile is at most this far from the exact one. */
	quantileError: number;
	histogram: Histogram;
}

/** Two filters that point the same way. */
export interface Duplicate {
	first: number;
	second: number;
	cosine: number;
}

/** A kernel's output channels, one by one. */
export interface FilterReport {
	count: number;
	/** Numbers in one. */
	size: number;
	/** Euclidean norm of each. */
	norms: Float32Array;
	/** All numbers of it zero, or its norm below a ten-thousandth of the median. */
	dead: readonly number[];
	/** All numbers of it equal, and not zero. */
	constant: readonly number[];
	/** Filters with a twin, and the closest pairs; null where there are too many to compare. */
	duplicated: number | null;
	duplicates: readonly Duplicate[];
}

/** A distribution that weights are drawn from before training. */
export interface InitialDistribution {
	id: string;
	title: string;
	kind: 'uniform' | 'normal' | 'truncated';
	std: number;
	/** The model's file names it; else it is only a usual one. */
	known: boolean;
}

export interface WeightReport {
	name: string;
	/** It multiplies its input: neither added, nor scaling, nor remembered. */
	kernel: boolean;
	/** Names of the gates that share its last axis; empty for none. */
	gates: readonly string[];
	/** Of the matrix that its spectrum is of: [rows, columns]. */
	matrix: readonly [number, number];
	statistics: WeightStatistics;
	/** What it may have been drawn from: the file's own distribution first. */
	distributions: readonly InitialDistribution[];
	/** Null for what has no filters: biases, statistics. */
	filters: FilterReport | null;
}

/** How a weight is laid out to be seen. */
export interface WeightPicture {
	name: string;
	kind: 'kernels' | 'matrix';
	/** Key of the field in the draw worker. */
	key: string;
	/** Kernels: cells of `height` x `width`, in the field `columns` to a row. Matrix: one cell. */
	cells: { width: number; height: number; columns: number; shown: number; count: number };
	/** Least and largest number of each cell. */
	min: Float32Array;
	max: Float32Array;
	/** Input channels of a kernel: cell k is input k / filters, filter k % filters. */
	filters: number;
	/** Where the shown part begins, [row, column], and the whole matrix's size. */
	start: readonly [number, number];
	whole: readonly [rows: number, columns: number];
	/** What a row and a column are. */
	axes: readonly [string, string];
}

export interface PictureRequest {
	name: string;
	/** One gate of a recurrent kernel; null for all. */
	gate: number | null;
	/** One filter of a convolution; null for all. */
	filter: number | null;
	/** Which block of a matrix too large for one picture: [row, column] of blocks. */
	block: readonly [number, number];
	key: string;
}

/** A weight as a matrix on its way to its spectrum. */
export interface SpectrumSource {
	rows: number;
	columns: number;
	/**
	 * `exact`: the matrix itself. `gram`: the smaller of MᵀM and MMᵀ, in single precision. `leading`: the largest singular
	 * value alone, where both sides are too long for the others.
	 */
	kind: 'exact' | 'gram' | 'leading';
	/** Row by row. */
	values: Float32Array;
	/** Σw²: what all σ² add up to. */
	energy: number;
}

/** Singular values and what they say. */
export interface Spectrum {
	rows: number;
	columns: number;
	kind: SpectrumSource['kind'];
	/** Descending. */
	values: Float64Array;
	/** Values below this are not told from zero. */
	floor: number;
	/** exp of the entropy of σ / Σσ (Roy & Vetterli 2007); null where not all values are known. */
	effectiveRank: number | null;
	/** Σσ² / σ₁² (Rudelson & Vershynin 2007). */
	stableRank: number;
	/** σ₁ / σₙ; Infinity where the last is below the floor; null where not all values are known. */
	condition: number | null;
}

export interface AlgebraApi {
	spectrum(source: SpectrumSource): Promise<Spectrum>;
}

export type WeightFormat = 'npy' | 'npz' | 'safetensors';

/** A weight as the graph names it. */
export interface WeightEntry {
	/** Index in the list. */
	index: number;
	name: string;
	/** The first node that reads it, and its operator. */
	node: string;
	type: string;
	role: string;
	shape: readonly number[];
	size: number;
	dtype: string;
	/** How the file stored it, where that differs. */
	stored: string;
	/** Where outputs are its first axis. */
	order?: 'outputs-first';
}

/** What stands out in a weight. */
export interface WeightFlag {
	id: 'invalid' | 'zeros' | 'same' | 'huge' | 'dead' | 'weak' | 'constant' | 'twins' | 'tails' | 'variance';
	tone: 'error' | 'warning';
	text: string;
	help: string;
}

/** What the compute worker answers about weights. */
export interface WeightsApi {
	/** Progress carries `WeightProgress`; the answer says how many there were. */
	weightReports(names: readonly string[]): Promise<number>;
	/** Of parts of one weight, such as the gates of a recurrent kernel. */
	weightGates(name: string): Promise<readonly WeightStatistics[]>;
	/** Counts on one axis for all. */
	weightHistograms(
		names: readonly string[],
		range: readonly [low: number, high: number],
		bins: number
	): Promise<readonly Histogram[]>;
	weightPicture(request: PictureRequest): Promise<WeightPicture>;
	spectrumSource(name: string, gate: number | null): Promise<SpectrumSource>;
	/** A file of the weights' own numbers; `npy` takes one name. Progress carries 0..1. */
	weightFile(names: readonly string[], format: WeightFormat): Promise<Blob>;
}

export interface WeightProgress {
	reports: readonly WeightReport[];
	done: number;
}
