package dev.livebridge.gemini;

import dev.livebridge.gemini.OutboundProxy.Proxy;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes clients of Gemini's REST resource of models, with the proxy and the certificates of conversations. */
@Singleton
class ModelsClients {

    private final OutboundProxy proxies;
    private final UpstreamTls tls;

    ModelsClients(OutboundProxy proxies, UpstreamTls tls) {
        this.proxies = proxies;
        this.tls = tls;
    }

    /**
     * A client.
     *
     * @param address of Gemini, of any scheme
     * @param timeout to connect, and for an answer
     */
    GeminiModelsClient client(URI address, Duration timeout) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(httpAddress(address))
                .connectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        tls.configuration().ifPresent(builder::tlsConfiguration);
        Proxy proxy = proxies.to(address);
        if (proxy == null) {
            // Otherwise settings of Quarkus and Java that conversations do not read would count.
            builder.proxyAddress("none", 0);
        } else {
            builder.proxyAddress(proxy.host(), proxy.port());
            if (proxy.user() != null) {
                builder.proxyUser(proxy.user()).proxyPassword(proxy.password());
            }
        }
        return builder.build(GeminiModelsClient.class);
    }

    private static URI httpAddress(URI address) {
        String text = address.toString();
        return text.startsWith("ws") ? URI.create("http" + text.substring(2)) : address;
    }
}
