// Training of small networks, a workgroup for each: many updates in a dispatch, nothing leaves the GPU between them.
// The twin of maths/playground/training.ts; the fields of `table` are written by train-table.ts.

override LANES : u32 = 64u;
override ARENA : u32 = 1u;

@group(0) @binding(0) var<storage, read> table : array<u32>;
@group(0) @binding(1) var<storage, read> samples : array<f32>;
// Per dispatch: a head of JOB numbers for each network, then the orders of samples.
@group(0) @binding(2) var<storage, read> jobs : array<u32>;
// Per update: rate, and the two bias corrections of Adam; then how many samples it has.
@group(0) @binding(3) var<storage, read> factors : array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> state : array<f32>;
@group(0) @binding(5) var<storage, read_write> figures : array<vec4<f32>>;
#ARENA

var<workgroup> tally : array<vec4<f32>, LANES>;

const HEAD = 40u;
const LAYER = 16u;
const JOB = 8u;
const VARIANCE_FLOOR = 1e-3;
const KEPT = 0.9;
const LEAK = 0.01;

fn real(at : u32) -> f32 {
	return bitcast<f32>(table[at]);
}

fn labPcg(value : u32) -> u32 {
	let state = value * 747796405u + 2891336453u;
	let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
	return (word >> 22u) ^ word;
}

fn silent(net : u32, step : u32, sample : u32, unit : u32) -> bool {
	let bits = labPcg(labPcg(labPcg(labPcg(table[net + 20u]) + step) + sample) + unit);
	return (bits >> 8u) < table[net + 21u];
}

fn quickTanh(z : f32) -> f32 {
	let e = exp(-2.0 * min(abs(z), 20.0));
	return sign(z) * (1.0 - e) / (1.0 + e);
}

fn sigmoid(z : f32) -> f32 {
	return 1.0 / (1.0 + exp(-clamp(z, -80.0, 80.0)));
}

fn below(z : f32) -> f32 {
	let x = z * 0.7071067811865476;
	let t = 1.0 / (1.0 + 0.3275911 * abs(x));
	let tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-x * x);
	return select(1.0 - 0.5 * tail, 0.5 * tail, x < 0.0);
}

// WGSL promises its own sine to 2^-11 only: half turns taken off, then the series to the eleventh power (6e-8).
fn sine(x : f32) -> f32 {
	let turns = round(x * 0.3183098861837907);
	let r = (x - turns * 3.140625) - turns * 9.676535897932795e-4;
	let q = r * r;
	let series = r * (1.0 + q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0 + q * (1.0 / 362880.0 - q / 39916800.0)))));
	return series * (1.0 - 2.0 * (turns - 2.0 * floor(0.5 * turns)));
}

fn activate(kind : u32, z : f32) -> f32 {
	switch kind {
		case 0u: { return quickTanh(z); }
		case 1u: { return max(0.0, z); }
		case 2u: { return sigmoid(z); }
		case 4u: { return select(LEAK * z, z, z > 0.0); }
		case 5u: { return select(exp(min(z, 0.0)) - 1.0, z, z > 0.0); }
		case 6u: { return z * below(z); }
		case 7u: { return max(z, 0.0) + log(1.0 + exp(-abs(z))); }
		case 8u: { return sine(z); }
		default: { return z; }
	}
}

// By the sum z and the activation a, whichever is less work.
fn slope(kind : u32, z : f32, a : f32) -> f32 {
	switch kind {
		case 0u: { return 1.0 - a * a; }
		case 1u: { return select(0.0, 1.0, z > 0.0); }
		case 2u: { return a * (1.0 - a); }
		case 4u: { return select(LEAK, 1.0, z > 0.0); }
		case 5u: { return select(exp(min(z, 0.0)), 1.0, z > 0.0); }
		case 6u: { return below(z) + z * exp(-0.5 * z * z) * 0.3989422804014327; }
		case 7u: { return sigmoid(z); }
		case 8u: { return sine(z + 1.5707963267948966); }
		default: { return 1.0; }
	}
}

// Sums, normalisation and activation of all layers for the rows that lie in the arena.
fn forward(net : u32, base : u32, lane : u32, count : u32, step : u32, training : bool) {
	let last = table[net + 2u] - 1u;
	let kind = table[net + 4u];
	let drops = training && table[net + 21u] > 0u;
	let louder = real(net + 22u);
	for (var l = 0u; l <= last; l++) {
		let at = net + HEAD + l * LAYER;
		let inputs = table[at];
		let units = table[at + 1u];
		let weights = base + table[at + 2u];
		let bias = base + table[at + 3u];
		let normed = table[at + 4u];
		let before = table[at + 6u];
		let x = base + table[at + 7u];
		let z = base + table[at + 8u];
		let fed = base + table[at + 9u];
		for (var k = lane; k < count * units; k += LANES) {
			let s = k / units;
			let o = k % units;
			var sum = 0.0;
			for (var i = 0u; i < inputs; i++) {
				sum += arena[weights + o * inputs + i] * arena[x + s * inputs + i];
			}
			if (normed == 0u) {
				sum += arena[bias + o];
			}
			arena[z + k] = sum;
			if (normed == 0u && l < last) {
				var a = activate(kind, sum);
				if (drops) {
					a = select(a * louder, 0.0, silent(net, step, s, before + o));
				}
				arena[fed + k] = a;
			}
		}
		if (normed == 1u) {
			#SYNC
			let running = table[net + 12u] + table[at + 5u];
			let scale = bias + units;
			let raw = base + table[at + 10u];
			for (var o = lane; o < units; o += LANES) {
				var mean = state[running + o];
				var variance = state[running + units + o];
				if (training) {
					mean = 0.0;
					variance = 0.0;
					for (var s = 0u; s < count; s++) {
						mean += arena[z + s * units + o];
					}
					mean /= f32(count);
					for (var s = 0u; s < count; s++) {
						let d = arena[z + s * units + o] - mean;
						variance += d * d;
					}
					variance /= f32(count);
					state[running + o] = KEPT * state[running + o] + (1.0 - KEPT) * mean;
					state[running + units + o] = KEPT * state[running + units + o] + (1.0 - KEPT) * variance;
				}
				let inverse = 1.0 / sqrt(variance + VARIANCE_FLOOR);
				arena[base + table[at + 11u] + o] = inverse;
				for (var s = 0u; s < count; s++) {
					let k = s * units + o;
					let value = (arena[z + k] - mean) * inverse;
					let sum = arena[scale + o] * value + arena[bias + o];
					arena[raw + k] = value;
					arena[z + k] = sum;
					var a = activate(kind, sum);
					if (drops) {
						a = select(a * louder, 0.0, silent(net, step, s, before + o));
					}
					arena[fed + k] = a;
				}
			}
		}
		#SYNC
	}
}

// Loss of a sample whose outputs lie at z; its slopes take their place when `scale` is not 0. Then: whether it is right.
fn ending(net : u32, z : u32, y : f32, scale : f32) -> vec2<f32> {
	let outputs = table[net + 3u];
	let own = u32(max(y, 0.0));
	var best = 0u;
	var top = arena[z];
	for (var k = 1u; k < outputs; k++) {
		if (arena[z + k] > top) {
			top = arena[z + k];
			best = k;
		}
	}
	var right = select(0.0, 1.0, best == own);
	if (outputs == 1u) {
		right = select(0.0, 1.0, (top > 0.0) == (y == 1.0));
	}
	// By its bits: compilers may take it that there is no NaN.
	for (var k = 0u; k < outputs; k++) {
		if ((bitcast<u32>(arena[z + k]) & 0x7f800000u) == 0x7f800000u) {
			right = 0.0;
		}
	}
	var loss = 0.0;
	switch table[net + 5u] {
		case 0u: {
			var all = 0.0;
			for (var k = 0u; k < outputs; k++) {
				all += exp(arena[z + k] - top);
			}
			loss = log(all) + top - arena[z + own];
			if (scale != 0.0) {
				for (var k = 0u; k < outputs; k++) {
					arena[z + k] = scale * (exp(arena[z + k] - top) / all - select(0.0, 1.0, k == own));
				}
			}
		}
		case 1u: {
			loss = max(top, 0.0) - top * y + log(1.0 + exp(-abs(top)));
			if (scale != 0.0) {
				arena[z] = scale * (sigmoid(top) - y);
			}
		}
		case 2u: {
			for (var k = 0u; k < outputs; k++) {
				let wanted = select(select(-1.0, 1.0, k == own), 2.0 * y - 1.0, outputs == 1u);
				let a = quickTanh(arena[z + k]);
				loss += 0.5 * (a - wanted) * (a - wanted);
				if (scale != 0.0) {
					arena[z + k] = scale * (a - wanted) * (1.0 - a * a);
				}
			}
		}
		default: {
			loss = 0.5 * (top - y) * (top - y);
			if (scale != 0.0) {
				arena[z] = scale * (top - y);
			}
		}
	}
	return vec2<f32>(loss, right);
}

// One parameter's update; the optimiser's memory is in `state`.
fn moved(net : u32, index : u32, old : f32, gradient : f32, rates : vec4<f32>, isWeight : bool) -> f32 {
	let slot = table[net + 11u] + 2u * index;
	let g = gradient + select(0.0, real(net + 24u) * old, isWeight);
	let a = real(net + 25u);
	let b = real(net + 26u);
	let epsilon = real(net + 27u);
	var next = old;
	switch table[net + 6u] {
		case 0u: {
			next = old - rates.x * g;
		}
		case 1u: {
			let v = a * state[slot] + g;
			state[slot] = v;
			next = old - rates.x * v;
		}
		case 2u: {
			let v = a * state[slot] + (1.0 - a) * g * g;
			state[slot] = v;
			next = old - rates.x * g / (sqrt(v) + epsilon);
		}
		default: {
			// 1 - beta comes from the table: it would lose digits here.
			let m = a * state[slot] + real(net + 29u) * g;
			let v = b * state[slot + 1u] + real(net + 30u) * g * g;
			state[slot] = m;
			state[slot + 1u] = v;
			let decay = select(0.0, rates.x * real(net + 28u), isWeight);
			next = old - decay * old - rates.y * m / (sqrt(v) * rates.z + epsilon);
		}
	}
	let threshold = rates.x * real(net + 23u);
	if (isWeight && threshold > 0.0) {
		next = sign(next) * max(0.0, abs(next) - threshold);
	}
	return next;
}

// Slopes and updates, from the last layer to the first. Each parameter has a lane that alone changes it.
fn backward(net : u32, base : u32, lane : u32, count : u32, step : u32, rates : vec4<f32>) {
	let kind = table[net + 4u];
	let drops = table[net + 21u] > 0u;
	let louder = real(net + 22u);
	for (var above = table[net + 2u]; above > 0u; above--) {
		let at = net + HEAD + (above - 1u) * LAYER;
		let inputs = table[at];
		let units = table[at + 1u];
		let weights = table[at + 2u];
		let bias = table[at + 3u];
		let normed = table[at + 4u];
		let x = base + table[at + 7u];
		let d = base + table[at + 8u];
		if (normed == 1u) {
			let raw = base + table[at + 10u];
			let scale = bias + units;
			for (var o = lane; o < units; o += LANES) {
				var shift = 0.0;
				var own = 0.0;
				for (var s = 0u; s < count; s++) {
					shift += arena[d + s * units + o];
					own += arena[d + s * units + o] * arena[raw + s * units + o];
				}
				let old = arena[base + scale + o];
				let factor = old * arena[base + table[at + 11u] + o];
				for (var s = 0u; s < count; s++) {
					let k = s * units + o;
					arena[d + k] = factor * (arena[d + k] - (shift + arena[raw + k] * own) / f32(count));
				}
				arena[base + scale + o] = moved(net, scale + o, old, own, rates, false);
				arena[base + bias + o] = moved(net, bias + o, arena[base + bias + o], shift, rates, false);
			}
			#SYNC
		}
		if (above > 1u) {
			let z = base + table[at - LAYER + 8u];
			let before = table[at - LAYER + 6u];
			for (var k = lane; k < count * inputs; k += LANES) {
				let s = k / inputs;
				let i = k % inputs;
				var sum = 0.0;
				for (var o = 0u; o < units; o++) {
					sum += arena[d + s * units + o] * arena[base + weights + o * inputs + i];
				}
				var a = arena[x + k];
				if (drops) {
					// What is silent has no slope; of the others, what was made louder is taken back.
					sum = select(sum * louder, 0.0, silent(net, step, s, before + i));
					a /= louder;
				}
				arena[z + k] = sum * slope(kind, arena[z + k], a);
			}
			#SYNC
		}
		for (var j = lane; j < inputs * units; j += LANES) {
			let o = j / inputs;
			let i = j % inputs;
			var gradient = 0.0;
			for (var s = 0u; s < count; s++) {
				gradient += arena[d + s * units + o] * arena[x + s * inputs + i];
			}
			let old = arena[base + weights + j];
			arena[base + weights + j] = moved(net, weights + j, old, gradient, rates, true);
		}
		if (normed == 0u) {
			for (var o = lane; o < units; o += LANES) {
				var gradient = 0.0;
				for (var s = 0u; s < count; s++) {
					gradient += arena[d + s * units + o];
				}
				let old = arena[base + bias + o];
				arena[base + bias + o] = moved(net, bias + o, old, gradient, rates, false);
			}
		}
	}
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) lane : u32) {
	let job = group.x * JOB;
	let net = table[group.x];
	let base = table[net + 13u] * #IN_STORAGE;
	let inputs = table[net + 1u];
	let parameters = table[net];
	let home = table[net + 10u];
	let batch = table[net + 7u];
	let rows = base + table[net + 14u];
	let outputs = table[net + 3u];
	let ends = base + table[net + 15u];
	for (var k = lane; k < parameters; k += LANES) {
		arena[base + k] = state[home + k];
	}
	#SYNC
	let features = table[net + 16u];
	let targets = table[net + 17u];
	let first = jobs[job + 1u];
	var order = jobs[job + 2u];
	for (var i = 0u; i < jobs[job]; i++) {
		let rates = factors[jobs[job + 3u] + i];
		let count = u32(rates.w);
		for (var k = lane; k < count * inputs; k += LANES) {
			arena[rows + k] = samples[features + jobs[order + k / inputs] * inputs + k % inputs];
		}
		#SYNC
		forward(net, base, lane, count, first + i, true);
		for (var s = lane; s < count; s += LANES) {
			_ = ending(net, ends + s * outputs, samples[targets + jobs[order + s]], 1.0 / f32(count));
		}
		#SYNC
		backward(net, base, lane, count, first + i, rates);
		order += count;
		#SYNC
	}
	for (var k = lane; k < parameters; k += LANES) {
		state[home + k] = arena[base + k];
	}
	if (jobs[job + 4u] == 0u) {
		return;
	}
	// Loss and right predictions on both sets; the test set's points follow the others.
	let train = table[net + 18u];
	let total = train + table[net + 19u];
	var own = vec4<f32>(0.0);
	for (var head = 0u; head < total; head += batch) {
		let count = min(batch, total - head);
		for (var k = lane; k < count * inputs; k += LANES) {
			arena[rows + k] = samples[features + head * inputs + k];
		}
		#SYNC
		forward(net, base, lane, count, 0u, false);
		for (var s = lane; s < count; s += LANES) {
			let figure = ending(net, ends + s * outputs, samples[targets + head + s], 0.0);
			if (head + s < train) {
				own += vec4<f32>(figure, 0.0, 0.0);
			} else {
				own += vec4<f32>(0.0, 0.0, figure);
			}
		}
		#SYNC
	}
	tally[lane] = own;
	workgroupBarrier();
	if (lane == 0u) {
		var all = vec4<f32>(0.0);
		for (var k = 0u; k < LANES; k++) {
			all += tally[k];
		}
		figures[group.x] = all;
	}
}
