package dev.cleanbreak;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/** The two families that statements on sockets are made about. */
enum Kind {
  JDK {
    @Override
    Socket socket() {
      return new Socket();
    }

    @Override
    Socket socket(String host, int port) throws IOException {
      return new Socket(host, port);
    }

    @Override
    Socket socket(InetAddress address, int port) throws IOException {
      return new Socket(address, port);
    }

    @Override
    Socket socket(String host, int port, InetAddress local, int localPort) throws IOException {
      return new Socket(host, port, local, localPort);
    }

    @Override
    Socket socket(InetAddress address, int port, InetAddress local, int localPort)
        throws IOException {
      return new Socket(address, port, local, localPort);
    }

    @Override
    ServerSocket server() throws IOException {
      return new ServerSocket();
    }

    @Override
    ServerSocket server(int port) throws IOException {
      return new ServerSocket(port);
    }

    @Override
    ServerSocket server(int port, int backlog, InetAddress address) throws IOException {
      return new ServerSocket(port, backlog, address);
    }

    @Override
    DatagramSocket datagram(SocketAddress address) throws IOException {
      return new DatagramSocket(address);
    }

    @Override
    DatagramSocket datagram(int port, InetAddress address) throws IOException {
      return new DatagramSocket(port, address);
    }

    @Override
    SocketFactory sockets() {
      return SocketFactory.getDefault();
    }

    @Override
    ServerSocketFactory servers() {
      return ServerSocketFactory.getDefault();
    }
  },

  CLEAN {
    @Override
    Socket socket() throws IOException {
      return new CleanSocket();
    }

    @Override
    Socket socket(String host, int port) throws IOException {
      return new CleanSocket(host, port);
    }

    @Override
    Socket socket(InetAddress address, int port) throws IOException {
      return new CleanSocket(address, port);
    }

    @Override
    Socket socket(String host, int port, InetAddress local, int localPort) throws IOException {
      return new CleanSocket(host, port, local, localPort);
    }

    @Override
    Socket socket(InetAddress address, int port, InetAddress local, int localPort)
        throws IOException {
      return new CleanSocket(address, port, local, localPort);
    }

    @Override
    ServerSocket server() {
      return new CleanServerSocket();
    }

    @Override
    ServerSocket server(int port) throws IOException {
      return new CleanServerSocket(port);
    }

    @Override
    ServerSocket server(int port, int backlog, InetAddress address) throws IOException {
      return new CleanServerSocket(port, backlog, address);
    }

    @Override
    DatagramSocket datagram(SocketAddress address) throws IOException {
      return new CleanDatagramSocket(address);
    }

    @Override
    DatagramSocket datagram(int port, InetAddress address) throws IOException {
      return new CleanDatagramSocket(port, address);
    }

    @Override
    SocketFactory sockets() {
      return CleanSocketFactory.getDefault();
    }

    @Override
    ServerSocketFactory servers() {
      return CleanServerSocketFactory.getDefault();
    }
  };

  abstract Socket socket() throws IOException;

  abstract Socket socket(String host, int port) throws IOException;

  abstract Socket socket(InetAddress address, int port) throws IOException;

  abstract Socket socket(String host, int port, InetAddress local, int localPort)
      throws IOException;

  abstract Socket socket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException;

  abstract ServerSocket server() throws IOException;

  abstract ServerSocket server(int port) throws IOException;

  abstract ServerSocket server(int port, int backlog, InetAddress address) throws IOException;

  abstract DatagramSocket datagram(SocketAddress address) throws IOException;

  abstract DatagramSocket datagram(int port, InetAddress address) throws IOException;

  abstract SocketFactory sockets();

  abstract ServerSocketFactory servers();

  /** A socket of this kind, connected over loopback to a socket of the JDK. */
  Link link() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket socket = socket();
      socket.connect(listener.getLocalSocketAddress());
      return new Link(socket, listener.accept());
    }
  }

  record Link(Socket socket, Socket peer) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      socket.close();
      peer.close();
    }
  }
}
