package dev.cleanbreak.bench;

import dev.cleanbreak.drivers.Client;

/** The clients of docs/drivers, each with its simplest request. */
enum Driver {
  POSTGRESQL("pgjdbc, select 1"),
  MARIADB("MariaDB Connector/J, select 1"),
  MYSQL("MySQL Connector/J, select 1 from MariaDB"),
  JEDIS("Jedis, PING"),
  HTTP_CLIENT("Apache HttpClient 5, GET from Jetty"),
  OK_HTTP("OkHttp, GET from Jetty"),
  SMTP("Angus Mail, SMTP NOOP"),
  LDAP("JNDI, LDAP search");

  final String title;

  Driver(String title) {
    this.title = title;
  }

  String onDefault() {
    return title + ", default sockets";
  }

  String onCleanbreak() {
    return title + ", Cleanbreak";
  }

  /** Connects, on Cleanbreak's sockets or on those that the client has by default. */
  RoundTrip open(DriverServers servers, boolean clean) throws Exception {
    return switch (this) {
      case POSTGRESQL -> new JdbcTrip(Client.POSTGRESQL, clean);
      case MARIADB -> new JdbcTrip(Client.MARIADB, clean);
      case MYSQL -> new JdbcTrip(Client.MYSQL, clean);
      case JEDIS -> new JedisTrip(servers.redis(), clean);
      case HTTP_CLIENT -> new HttpClientTrip(servers.http(), clean);
      case OK_HTTP -> new OkHttpTrip(servers.http(), clean);
      case SMTP -> new SmtpTrip(servers.smtp(), clean);
      case LDAP -> new LdapTrip(servers.ldap(), clean);
    };
  }
}
