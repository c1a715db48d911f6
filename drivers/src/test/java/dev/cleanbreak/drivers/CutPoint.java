package dev.cleanbreak.drivers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a driver stands when it is cut. */
enum CutPoint {
  CONNECT("connect: nobody answers", false) {
    @Override
    SlowLink relay(Client client) throws IOException {
      return SlowLink.deaf();
    }

    @Override
    Object work(Client client, int port, Connection none, ProtocolCancel by) throws SQLException {
      return DriverManager.getConnection(client.url(port));
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) throws IOException {
      return relay.isDialled();
    }
  },

  LOGIN("login: the server accepts and says nothing", false) {
    @Override
    Object work(Client client, int port, @Nullable Connection none, @Nullable ProtocolCancel by)
        throws SQLException {
      return DriverManager.getConnection(client.url(port));
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) {
      return relay.isHolding();
    }
  },

  BEFORE_REPLY("query, before the first byte of the reply", true) {
    @Override
    Object work(Client client, int port, Connection on, @Nullable ProtocolCancel by)
        throws SQLException {
      try (Statement statement = on.createStatement()) {
        return execute(by, statement, () -> statement.execute(client.sleep(61)));
      }
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) throws SQLException {
      return Client.number(onlooker, client.running("(61")) == 1;
    }
  },

  MID_REPLY("query, in the middle of 12 MB of rows", true) {
    @Override
    Object work(Client client, int port, Connection on, @Nullable ProtocolCancel by)
        throws SQLException {
      try (Statement statement = on.createStatement()) {
        return execute(by, statement, () -> statement.execute(client.rows(12_000)));
      }
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) {
      return relay.toClient() > 300_000;
    }
  },

  MID_WRITE("insert, in the middle of a parameter of 12 MB", true) {
    @Override
    Object work(Client client, int port, Connection on, @Nullable ProtocolCancel by)
        throws SQLException {
      try (PreparedStatement insert = on.prepareStatement("insert into ledger values (?, ?)")) {
        insert.setInt(1, 1);
        insert.setBinaryStream(2, new ByteArrayInputStream(new byte[12_000_000]), 12_000_000);
        return execute(by, insert, insert::executeUpdate);
      }
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) {
      return relay.toServer() > 300_000;
    }
  },

  COMMIT("commit, done by the server, the reply is on its way", true) {
    @Override
    void prepare(SlowLink relay, Connection on) throws SQLException {
      on.setAutoCommit(false);
      try (Statement insert = on.createStatement()) {
        insert.executeUpdate("insert into ledger (id) values (1)");
      }
      relay.hold();
    }

    @Override
    Object work(Client client, int port, Connection on, @Nullable ProtocolCancel by)
        throws SQLException {
      try (Statement statement = on.createStatement()) {
        return execute(
            by,
            statement,
            () -> {
              on.commit();
              return true;
            });
      }
    }

    @Override
    boolean isThere(Client client, SlowLink relay, Connection onlooker) throws SQLException {
      return Client.number(onlooker, "select count(*) from ledger") == 1;
    }
  };

  final String text;

  /** For those that are cancelled by protocol. A commit's reply is held for longer than that. */
  final Duration grace;

  /** There is a statement that can be cancelled by protocol. */
  final boolean hasStatement;

  CutPoint(String text, boolean hasStatement) {
    this.text = text;
    this.hasStatement = hasStatement;
    this.grace = name().equals("COMMIT") ? Duration.ofMillis(200) : Duration.ofSeconds(5);
  }

  /** What stands between the client and the server. */
  SlowLink relay(Client client) throws IOException {
    return new SlowLink(client.port());
  }

  /** What happens on the connection before. */
  void prepare(SlowLink relay, Connection on) throws SQLException {}

  /** Blocks where it is to be cut. */
  abstract Object work(Client client, int port, Connection on, @Nullable ProtocolCancel by)
      throws SQLException;

  /** Whether the work has come to where it is to be cut. */
  abstract boolean isThere(Client client, SlowLink relay, Connection onlooker)
      throws SQLException, IOException;

  private interface Call {
    Object make() throws SQLException;
  }

  private static Object execute(@Nullable ProtocolCancel by, Statement statement, Call call)
      throws SQLException {
    return by == null ? call.make() : by.call(statement, call::make);
  }
}
