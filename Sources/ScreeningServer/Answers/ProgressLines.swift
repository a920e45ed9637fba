import Hummingbird
import NIOCore
import Screening

/// An answer in lines: how far the work has come, and in the last line what came of it.
///
///     {"progress":{"done":12,"part":"solves","total":46}}
///     {"result":{…}}
///
/// The result is the body that the answer would have had by itself; `{"problem":{…}}` stands there when the work
/// failed. Lines without either broke off.
struct ProgressLines: Sendable {
  /// The media type that a client asks for them by.
  static let mediaType = "application/x-ndjson"

  /// What is worked out, telling how far it has come; its value is a JSON text.
  let work: @Sendable (@escaping @Sendable (WorkProgress) -> Void) async throws -> [UInt8]
  /// What an error of it means to the client.
  let problem: @Sendable (any Error) -> Problem

  /// Does the work and writes the lines; a client that reads slowly is spared all but the newest progress.
  @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
    let (steps, reports) = AsyncStream.makeStream(
      of: WorkProgress.self, bufferingPolicy: .bufferingNewest(1))
    async let last = outcome(reports)
    for await step in steps {
      try await writer.write(Self.line("progress", try JSON.encode(step)))
    }
    try await writer.write(try await last)
  }

  private func outcome(_ reports: AsyncStream<WorkProgress>.Continuation) async throws -> ByteBuffer
  {
    defer { reports.finish() }
    do {
      return Self.line("result", try await work { reports.yield($0) })
    } catch {
      try Task.checkCancellation()
      return Self.line("problem", try problem(error).details)
    }
  }

  private static func line(_ name: String, _ json: [UInt8]) -> ByteBuffer {
    var line = ByteBuffer(string: "{\"\(name)\":")
    line.writeBytes(json)
    line.writeString("}\n")
    return line
  }
}
