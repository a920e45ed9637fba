import EventStore
import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Screening
import ServiceLifecycle
import UnixSignals

/// Answers HTTP over `office` until the task is cancelled or the process is told to end, then finishes
/// what has begun and returns.
///
/// - Throws: when the address cannot be listened at, or the TLS files cannot be used.
public func serve(
  office: Office, configuration: ServerConfiguration, logger: Logger
) async throws {
  let keys = try await TokenKeys(configuration.secrets)
  let desk = Desk(office: office, keys: keys, configuration: configuration)
  let http = HTTPServerBuilder.http1(
    configuration: .init(
      additionalChannelHandlers: [
        ConnectionGuard(
          timeout: .seconds(Int64(configuration.requestTimeout)),
          longestBody: 2 * configuration.maximumBodySize)
      ],
      idleTimeout: .seconds(Int64(configuration.idleTimeout)),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)))
  var application = Application(
    responder: Responder(desk: desk),
    server: try configuration.tls?.secure(http) ?? http,
    configuration: ApplicationConfiguration(
      address: .hostname(configuration.host, port: configuration.port), serverName: "senko",
      availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: logger)),
    onServerRunning: { channel in
      configuration.onListening(channel.localAddress?.port ?? configuration.port)
    },
    logger: logger)
  application.addServices(
    CatchingUp(desk: desk, logger: logger), Forgetting(desk: desk),
    ClearingReaders(desk: desk, logger: logger))
  var group = ServiceGroupConfiguration(
    services: [application],
    gracefulShutdownSignals: configuration.handlesSignals ? [.sigterm, .sigint] : [], logger: logger
  )
  // Longer answers, like a running export, are cut off; their missing trailer says so.
  group.maximumGracefulShutdownDuration = .seconds(10)
  do { try await ServiceGroup(configuration: group).run() } catch let error as IOError {
    throw ListeningFailure(
      host: configuration.host, port: configuration.port, code: error.errnoCode)
  }
}

/// Why the server cannot listen at its address.
struct ListeningFailure: Error, CustomStringConvertible {
  let host: String
  let port: Int
  /// `errno`.
  let code: CInt

  var description: String {
    let (place, reason) = ("\(host):\(port)", unsafe String(cString: strerror(code)))
    return switch code {
    case EADDRINUSE:
      "Another program listens at \(place) already. End it, or give another port with --port."
    case EACCES: "Ports below 1024 are for root: \(place) cannot be had. Give another with --port."
    default: "The server cannot listen at \(place) (\(reason)). Give another --host or --port."
    }
  }
}

/// Folds what the log has gained since the last run, so that the first list need not wait, and what nobody waits for
/// whenever nothing else is written.
private struct CatchingUp: Service {
  let desk: Desk
  let logger: Logger

  func run() async throws {
    let office = desk.office
    var isInPlace = true
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      if isInPlace {
        do { try await desk.blocking { try office.log.requireInPlace() } } catch {
          logger.error("\(error)")
          isInPlace = false
        }
      }
      do {
        try await desk.readiness.reach {
          _ = try await desk.blocking { try office.resolve(.now) }
        }
        try await desk.blocking { try office.settle() }
      } catch {
        let (level, what): (Logger.Level, Logger.Message) =
          desk.readiness.isReady
          ? (.warning, "the views are not on the disk") : (.error, "the views cannot be folded")
        logger.log(level: level, what, metadata: ["reason": "\(error)"])
      }
      await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(1)) }
    }
  }
}

/// Forgets remembered answers, which hold names, when another process erases somebody.
private struct Forgetting: Service {
  let desk: Desk

  func run() async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      // What cannot be asked now is asked again in a second.
      if let generation = try? desk.office.log.generation {
        desk.answers.observe(generation: generation)
      }
      await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(1)) }
    }
  }
}

/// Frees what killed processes held of the store, even while nobody writes.
private struct ClearingReaders: Service {
  let desk: Desk
  let logger: Logger

  func run() async throws {
    let office = desk.office
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      do { try await desk.blocking { try office.clearStaleReaders() } } catch {
        logger.warning("readers that are gone are not cleared", metadata: ["reason": "\(error)"])
      }
      await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(60)) }
    }
  }
}
