-- For wrk: each request carries the next cookie of standard input; at the end one line of JSON.

local prepared, turn = {}, 0

function init(arguments)
  for cookie in io.lines() do
    prepared[#prepared + 1] = wrk.format("GET", nil, { Cookie = cookie })
  end
end

function request()
  turn = turn % #prepared + 1
  return prepared[turn]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
