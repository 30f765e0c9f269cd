package dev.livebridge.web;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses HTTP/2 on the management port. {@code quarkus.http.http2=false} covers the clients' port only; Quarkus 3.33
 * has no such setting and no options customizer for the management server. The first request of a connection ends it
 * with {@code HTTP_1_1_REQUIRED} (RFC 9113, section 7), and no route sees the request.
 */
@Singleton
class ManagementHttpVersion {

    private static final long HTTP_1_1_REQUIRED = 0xd;

    void register(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE).handler(ManagementHttpVersion::refuseHttp2);
    }

    private static void refuseHttp2(RoutingContext request) {
        if (request.request().version() == HttpVersion.HTTP_2) {
            request.request().connection().goAway(HTTP_1_1_REQUIRED);
            request.request().connection().close();
        } else {
            request.next();
        }
    }
}
