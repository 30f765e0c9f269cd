#!/usr/bin/env bash
# Writes java.args, runs the service once with them, and writes its loaded and linked classes to livebridge.aot.
set -euo pipefail

# A flat class path instead of quarkus-run.jar: the JVM archives only the classes of its own class loader. The transformed
# classes come first, because they replace those in the jars.
jars=(quarkus/transformed-bytecode.jar quarkus/generated-bytecode.jar app/*.jar lib/boot/*.jar lib/main/*.jar)
existing=()
for jar in "${jars[@]}"; do if [ -e "$jar" ]; then existing+=("/work/$jar"); fi; done
# Serial GC, because it is the smallest. C2 works at four times its usual thresholds and without the training's profiles:
# on two cores it would otherwise compete with the start of the service, and use 10 MiB more.
cat > java.args <<END
-XX:+UseSerialGC
-XX:+UnlockDiagnosticVMOptions
-XX:-AOTReplayTraining
-XX:Tier4InvocationThreshold=20000
-XX:Tier4MinInvocationThreshold=2400
-XX:Tier4CompileThreshold=60000
-XX:Tier4BackEdgeThreshold=160000
-XX:MaxRAMPercentage=50
-XX:MaxDirectMemorySize=96m
-XX:+ExitOnOutOfMemoryError
--enable-native-access=ALL-UNNAMED
--add-opens=java.base/java.lang=ALL-UNNAMED
-Djava.util.logging.manager=org.jboss.logmanager.LogManager
-cp
$(IFS=:; echo "${existing[*]}")
END

LIVEBRIDGE_UPSTREAM_BACKEND=simulator LIVEBRIDGE_ACCESS_MODE=open QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_MANAGEMENT_HOST=127.0.0.1 \
  QUARKUS_HTTP_PORT=19080 QUARKUS_MANAGEMENT_PORT=19000 \
  java @java.args -XX:AOTCacheOutput=livebridge.aot dev.livebridge.command.LivebridgeMain > train.log 2>&1 &
service=$!

get() {
  exec 3<> "/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
  cat <&3
  exec 3>&-
}

tries=0
until (get 19000 /q/health/ready) 2> /dev/null | grep -q '"UP"'; do
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ] || ! kill -0 "$service" 2> /dev/null; then
    cat train.log
    exit 1
  fi
  sleep 0.2
done
get 19080 / > /dev/null
get 19000 /q/health/live > /dev/null
get 19000 /q/metrics > /dev/null
kill -TERM "$service"
wait "$service" || true
if [ ! -s livebridge.aot ]; then
  cat train.log
  exit 1
fi
rm -rf train.log train.sh /tmp/vertx-cache /tmp/hsperfdata_*
chmod a+r java.args livebridge.aot
