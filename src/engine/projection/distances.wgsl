// From some rows to every row of a chunk: one number per pair, for as many queries as were asked for.

struct Job {
	width : u32,
	count : u32,
	queries : u32,
	// Numbers between two queries of the answer, and where this chunk's begin.
	pitch : u32,
	base : u32,
	a : u32,
	b : u32,
	c : u32
}

@group(0) @binding(0) var<storage, read> queries : array<f32>;
@group(0) @binding(1) var<storage, read> rows : array<f32>;
@group(0) @binding(2) var<storage, read> queryStats : array<vec4f>;
@group(0) @binding(3) var<storage, read> candidateStats : array<vec4f>;
@group(0) @binding(4) var<storage, read_write> sums : array<f32>;
@group(0) @binding(5) var<uniform> job : Job;

fn query_value(row : u32, value : f32) -> f32 {
	#QUERY_VALUE
}

fn candidate_value(row : u32, value : f32) -> f32 {
	#CANDIDATE_VALUE
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3u) {
	let row = id.x;
	let query = id.y;
	if (row >= job.count || query >= job.queries) { return; }
	var sum = 0.0;
	for (var c = 0u; c < job.width; c++) {
		let x = query_value(query, queries[query * job.width + c]) - candidate_value(row, rows[row * job.width + c]);
		sum += #ADD;
	}
	let from_row = query;
	let to_row = row;
	#EXTRA
	sums[query * job.pitch + job.base + row] = sum;
}
