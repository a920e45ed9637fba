import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// The certificate that the server shows, and its key, each as a PEM file.
public struct TLSFiles: Sendable, Hashable {
  /// Why the files cannot be used: a whole sentence.
  public struct Failure: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String
  }

  /// The certificate and those that lead from it to its authority.
  public var certificateChain: String
  /// The private key of the first certificate.
  public var privateKey: String

  /// Names the files.
  public init(certificateChain: String, privateKey: String) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }

  /// `base` within TLS.
  ///
  /// - Throws: as `configuration`.
  func secure(_ base: HTTPServerBuilder) throws -> HTTPServerBuilder {
    try .tls(base, tlsConfiguration: try configuration())
  }

  /// TLS 1.2 or later with this certificate.
  ///
  /// - Throws: `Failure` naming the file that cannot be read, or that holds another key.
  func configuration() throws(Failure) -> TLSConfiguration {
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(certificateChain) } catch {
      throw Failure(
        description: "The certificate '\(certificateChain)' cannot be read as PEM. Check the path.")
    }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: privateKey, format: .pem) } catch {
      throw Failure(description: "The key '\(privateKey)' cannot be read as PEM. Check the path.")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do {
      _ = try NIOSSLContext(configuration: configuration)
      return configuration
    } catch {
      throw Failure(
        description:
          "The key '\(privateKey)' does not belong to the certificate '\(certificateChain)'.")
    }
  }
}
