import EventStore
import Screening
import Synchronization

/// Counts what the server does, for Prometheus.
final class Metrics: Sendable {
  private struct Counts {
    var inFlight = 0
    /// Answers by endpoint and status.
    var answers: [Key: Int] = [:]
    var times: [String: TimeHistogram] = [:]
    var refusedLogins = 0
  }

  private struct Key: Hashable {
    let endpoint: String
    let status: Int
  }

  private let counts = Mutex(Counts())

  func begin() { counts.withLock { $0.inFlight += 1 } }

  func end(_ endpoint: Endpoint?, _ status: Int, after time: Duration) {
    let name = endpoint?.rawValue ?? "none"
    counts.withLock { counts in
      counts.inFlight -= 1
      counts.answers[Key(endpoint: name, status: status), default: 0] += 1
      counts.times[name, default: TimeHistogram()].add(time)
    }
  }

  func refuseLogin() { counts.withLock { $0.refusedLogins += 1 } }

  /// The counts in Prometheus' text format, version 0.0.4.
  func text(
    _ office: OfficeStatistics, gates: [(name: String, gate: Gate)], ready: Bool
  ) -> String {
    let counts = counts.withLock(\.self)
    var text = PrometheusText()
    text.gauge("senko_log_events", "Events in the log.", office.head.rawValue)
    text.gauge("senko_log_bytes", "Size of the log's file.", office.log.size)
    text.gauge(
      "senko_log_capacity_bytes", "Size that the log's file may grow to.", office.log.capacity)
    text.gauge(
      "senko_log_readers", "The most readers of the log at once so far.", office.log.readers)
    text.gauge("senko_appends_waiting", "Appends that wait for the writer.", office.log.waiting)
    text.gauge("senko_views_bytes", "Size of the views' file.", office.viewsSize)
    text.gauge(
      "senko_views_readers", "The most readers of the views at once so far.", office.viewsReaders)
    text.gauge("senko_views_lag", "Events that the views have not folded.", office.lag)
    text.gauge(
      "senko_key_generation", "Generation of the wrapping key; each erasure adds one.",
      office.generation)
    text.gauge(
      "senko_ready", "Whether the views have caught up since the start.", ready ? 1 : 0)
    text.head("senko_gate_occupied", "Costly requests that are let in, by kind.", "gauge")
    for (name, gate) in gates {
      text.sample("senko_gate_occupied", ["gate": name], "\(gate.occupancy)")
    }
    text.head("senko_gate_capacity", "Costly requests that may be let in, by kind.", "gauge")
    for (name, gate) in gates {
      text.sample("senko_gate_capacity", ["gate": name], "\(gate.capacity)")
    }
    text.gauge(
      "senko_http_requests_in_flight", "Requests being answered.", counts.inFlight)
    text.head("senko_logins_refused_total", "Login attempts over the rate limit.", "counter")
    text.sample("senko_logins_refused_total", [:], "\(counts.refusedLogins)")
    text.head("senko_http_requests_total", "Answers by endpoint and status.", "counter")
    for (key, count) in counts.answers.sorted(by: {
      ($0.key.endpoint, $0.key.status) < ($1.key.endpoint, $1.key.status)
    }) {
      text.sample(
        "senko_http_requests_total", ["endpoint": key.endpoint, "status": "\(key.status)"],
        "\(count)")
    }
    text.head("senko_commit_seconds", "Time of a transaction of the log.", "histogram")
    text.samples("senko_commit_seconds", [:], office.log.commits)
    text.head("senko_http_request_seconds", "Time until an answer is ready.", "histogram")
    for (endpoint, times) in counts.times.sorted(by: { $0.key < $1.key }) {
      text.samples("senko_http_request_seconds", ["endpoint": endpoint], times)
    }
    return text.text
  }
}

/// Prometheus' text format, version 0.0.4.
private struct PrometheusText {
  private(set) var text = ""

  /// What a metric is, before its samples.
  mutating func head(_ name: String, _ meaning: String, _ kind: String) {
    text += "# HELP \(name) \(meaning)\n# TYPE \(name) \(kind)\n"
  }

  /// A metric of one sample that may rise and fall.
  mutating func gauge(_ name: String, _ meaning: String, _ value: some BinaryInteger) {
    head(name, meaning, "gauge")
    sample(name, [:], "\(value)")
  }

  /// One sample; labels have no characters that would need escaping.
  mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: String) {
    let inside = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
    text += "\(name)\(inside.isEmpty ? "" : "{\(inside)}") \(value)\n"
  }

  /// A histogram's samples.
  mutating func samples(
    _ name: String, _ labels: [String: String], _ times: TimeHistogram
  ) {
    let own = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
    let prefix = own.isEmpty ? "" : own + ","
    var sum = 0
    for (bound, count) in zip(TimeHistogram.bounds.map { "\($0)" } + ["+Inf"], times.counts) {
      sum += count
      text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(sum)\n"
    }
    let suffix = own.isEmpty ? "" : "{\(own)}"
    text += "\(name)_sum\(suffix) \(times.seconds)\n\(name)_count\(suffix) \(sum)\n"
  }
}
