import NIOCore
import NIOHTTPTypes

/// Cuts off connections that hold the server up: a request that arrives too slowly or is far too long,
/// and an answer that nobody takes.
///
/// Hummingbird itself closes connections that are silent, which includes those that drip a head.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let timeout: TimeAmount
  private let longestBody: Int
  private var received = 0
  private var arrival: Scheduled<Void>?
  private var departure: Scheduled<Void>?

  /// - Parameters:
  ///   - timeout: within which a request must have arrived whole, and a client must take more of an
  ///     answer.
  ///   - longestBody: bytes after which the rest of a body that was refused is no longer skipped.
  init(timeout: TimeAmount, longestBody: Int) {
    self.timeout = timeout
    self.longestBody = longestBody
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      received = 0
      arrival?.cancel()
      arrival = close(context, after: timeout)
    case .body(let piece):
      received += piece.readableBytes
      if received > longestBody { context.close(promise: nil) }
    case .end:
      arrival?.cancel()
      arrival = nil
    }
    context.fireChannelRead(data)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    departure?.cancel()
    departure = context.channel.isWritable ? nil : close(context, after: timeout)
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    arrival?.cancel()
    departure?.cancel()
    context.fireChannelInactive()
  }

  private func close(
    _ context: ChannelHandlerContext, after time: TimeAmount
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
  }
}
