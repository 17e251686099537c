-- What benchmarks/load.py reads: answers, microseconds, those of the slowest in a hundred, errors.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("answers=%d duration=%d p99=%d errors=%d\n",
    summary.requests, summary.duration, latency:percentile(99), failed))
end
