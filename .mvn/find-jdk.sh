# Sourced by ./verify and ./cleanbreak: exports the JAVA_HOME of a JDK that is new enough,
# or says what is missing and exits with 2. The default java of many machines is older.

needed=25

# Prints the version of the JDK in folder $1; fails where there is none (a JRE does not count).
jdk_version() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*$/\1/p' "$1/release" 2>/dev/null)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/^.* version "\([^"]*\)".*$/\1/p')
  fi
  [ -n "$version" ] && printf '%s\n' "$version"
}

# Takes the JDK in folder $1 if it is new enough; else notes it for the message.
try_jdk() {
  version=$(jdk_version "$1") || return 1
  if [ "${version%%[!0-9]*}" -ge "$needed" ] 2>/dev/null; then
    JAVA_HOME=$1
    export JAVA_HOME
    return 0
  fi
  jdks_found="$jdks_found
  $version  $1"
  return 1
}

# The home of the java on the PATH: java tells it, as the command may be a link or a stub.
java_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

find_jdk() {
  jdks_found=
  asked=${JAVA_HOME:-}
  for home in "${JAVA_HOME:-}" "$(java_on_path)" \
    /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    case "$jdks_found" in *"  $home"*) continue ;; esac
    if try_jdk "$home"; then
      if [ -n "$asked" ] && [ "$asked" != "$home" ]; then
        echo "cleanbreak: JAVA_HOME=$asked is no JDK $needed or later; using $home" >&2
      fi
      return 0
    fi
  done
  cat >&2 <<MESSAGE
Cleanbreak needs a JDK, version $needed or later. Found:${jdks_found:- none}
${asked:+JAVA_HOME is $asked, which is none.
}Get one from https://adoptium.net, or with "sdk install java $needed-tem", "brew install temurin@$needed",
"apt install openjdk-$needed-jdk". If it is not in a usual folder, point JAVA_HOME at it.
MESSAGE
  exit 2
}

find_jdk
