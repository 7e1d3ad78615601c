// The nearest rows so far of each query, kept sorted in a buffer: a workgroup takes up to 64 queries and walks its
// candidates 32 at a time, so that no matrix of distances is ever made. Each query is one thread's own: no atomics, and
// the same lists whatever the device.

struct Job {
	width : u32,
	k : u32,
	// Only candidates at these indices of `candidateOrder`.
	begin : u32,
	end : u32,
	firstTile : u32,
	// The first row of either chunk, among all rows.
	queryBase : u32,
	candidateBase : u32,
	// Whether a row may be its own neighbour.
	withSelf : u32,
	// Where the lists begin.
	queryOrder : u32,
	candidateOrder : u32,
	spans : u32,
	unused : u32
}

@group(0) @binding(0) var<storage, read> queries : array<f32>;
@group(0) @binding(1) var<storage, read> candidates : array<f32>;
// Mean, inverse length and the column of rows without a direction; looked at for cosine and correlation only.
@group(0) @binding(2) var<storage, read> queryStats : array<vec4f>;
@group(0) @binding(3) var<storage, read> candidateStats : array<vec4f>;
// Tiles (first slot, slots, first span, spans), then the orders and the spans.
@group(0) @binding(4) var<storage, read> lists : array<u32>;
// Per slot: k sums, k rows.
@group(0) @binding(5) var<storage, read_write> best : array<u32>;
@group(0) @binding(6) var<uniform> job : Job;

const QUERIES = 64u;
const CANDIDATES = 32u;
const DEPTH = 16u;
const FAR = 3.4e38;

var<workgroup> a : array<f32, 1024>;
var<workgroup> b : array<f32, 512>;
// One more than the candidates, so that threads do not meet in a bank.
var<workgroup> apart : array<f32, 2112>;

fn query_value(row : u32, column : u32) -> f32 {
	if (column >= job.width || row == 0xffffffffu) { return 0.0; }
	let value = queries[row * job.width + column];
	#QUERY_VALUE
}

fn candidate_value(row : u32, column : u32) -> f32 {
	if (column >= job.width || row == 0xffffffffu) { return 0.0; }
	let value = candidates[row * job.width + column];
	#CANDIDATE_VALUE
}

fn offer(slot : u32, sum : f32, row : u32) {
	let first = slot * 2u * job.k;
	var at = first + job.k - 1u;
	loop {
		if (at == first) { break; }
		let other = best[at - 1u];
		if (bitcast<f32>(other) <= sum) { break; }
		best[at] = other;
		best[at + job.k] = best[at + job.k - 1u];
		at -= 1u;
	}
	best[at] = bitcast<u32>(sum);
	best[at + job.k] = row;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane : u32, @builtin(workgroup_id) group : vec3u) {
	let tile = 4u * (job.firstTile + group.x);
	let firstSlot = lists[tile];
	let slots = lists[tile + 1u];
	let firstSpan = lists[tile + 2u];
	let spans = lists[tile + 3u];
	let slot = firstSlot + lane;
	let own = lane < slots;
	var self_row = 0xffffffffu;
	if (own) { self_row = lists[job.queryOrder + slot]; }
	let lastBest = slot * 2u * job.k + job.k - 1u;
	var worst = -1.0;
	if (own) { worst = bitcast<f32>(best[lastBest]); }
	// Eight queries and four candidates for each thread.
	let q0 = 8u * (lane / 8u);
	let c0 = 4u * (lane % 8u);
	for (var s = 0u; s < spans; s++) {
		let span = job.spans + 2u * (firstSpan + s);
		let start = max(lists[span], job.begin);
		let end = min(lists[span + 1u], job.end);
		for (var block = start; block < end; block += CANDIDATES) {
			var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
			var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();
			for (var column = 0u; column < job.width; column += DEPTH) {
				workgroupBarrier();
				for (var e = lane; e < QUERIES * DEPTH; e += 64u) {
					let q = e / DEPTH;
					let d = e % DEPTH;
					var row = 0xffffffffu;
					if (q < slots) { row = lists[job.queryOrder + firstSlot + q]; }
					a[d * QUERIES + q] = query_value(row, column + d);
				}
				for (var e = lane; e < CANDIDATES * DEPTH; e += 64u) {
					let c = e / DEPTH;
					let d = e % DEPTH;
					var row = 0xffffffffu;
					if (block + c < end) { row = lists[job.candidateOrder + block + c]; }
					b[d * CANDIDATES + c] = candidate_value(row, column + d);
				}
				workgroupBarrier();
				for (var d = 0u; d < DEPTH; d++) {
					let at = d * CANDIDATES + c0;
					let other = vec4f(b[at], b[at + 1u], b[at + 2u], b[at + 3u]);
					let from_query = d * QUERIES + q0;
					var x = a[from_query] - other; s0 += #ADD;
					x = a[from_query + 1u] - other; s1 += #ADD;
					x = a[from_query + 2u] - other; s2 += #ADD;
					x = a[from_query + 3u] - other; s3 += #ADD;
					x = a[from_query + 4u] - other; s4 += #ADD;
					x = a[from_query + 5u] - other; s5 += #ADD;
					x = a[from_query + 6u] - other; s6 += #ADD;
					x = a[from_query + 7u] - other; s7 += #ADD;
				}
			}
			for (var c = 0u; c < 4u; c++) {
				let at = q0 * 33u + c0 + c;
				apart[at] = s0[c];
				apart[at + 33u] = s1[c];
				apart[at + 66u] = s2[c];
				apart[at + 99u] = s3[c];
				apart[at + 132u] = s4[c];
				apart[at + 165u] = s5[c];
				apart[at + 198u] = s6[c];
				apart[at + 231u] = s7[c];
			}
			workgroupBarrier();
			if (own) {
				for (var c = 0u; c < CANDIDATES && block + c < end; c++) {
					let row = lists[job.candidateOrder + block + c];
					var sum = apart[lane * 33u + c];
					let from_row = self_row;
					let to_row = row;
					#EXTRA
					let is_self = job.withSelf == 0u && row + job.candidateBase == self_row + job.queryBase;
					if (sum < worst && !is_self) {
						offer(slot, sum, row + job.candidateBase);
						worst = bitcast<f32>(best[lastBest]);
					}
				}
			}
		}
	}
}
