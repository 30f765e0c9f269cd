package dev.livebridge.handover;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.token.HandoverPeers;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/** Requests sessions from other instances. Their responses are limited in size and time. */
@Singleton
class PeerInstances implements HandoverPeers {

    private static final Logger LOG = Logger.getLogger(PeerInstances.class);

    /** For all attempts together; {@code quarkus.rest-client.peer.*} limits each step. */
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private static final int MAX_ATTEMPTS = 4;
    private static final long RETRY_MILLIS = 150;

    private final PeerClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PeerInstances(@RestClient PeerClient client) {
        this.client = client;
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    @Override
    public Handover ask(URI holder, String request) {
        Future<Handover> answer = threads.submit(() -> call(holder, request));
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Expected if the instance has crashed. The caller then uses the content of the token.
            LOG.debugf("an instance did not answer: %s", e.toString());
            return new Handover.Unknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Handover.Unknown();
        } finally {
            answer.cancel(true);
        }
    }

    private Handover call(URI holder, String request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (InputStream body = client.handover(holder.toString(), request)) {
                byte[] state = body.readNBytes(TokenSealer.MAX_TOKEN_CHARACTERS + 1);
                if (state.length > TokenSealer.MAX_TOKEN_CHARACTERS) {
                    throw new IOException("the response is larger than a token");
                }
                return new Handover.Released(new String(state, US_ASCII));
            } catch (WebApplicationException e) {
                int status = e.getResponse().getStatus();
                if (status == Status.CONFLICT.getStatusCode()) {
                    return new Handover.Refused();
                }
                if (status != Status.SERVICE_UNAVAILABLE.getStatusCode() || attempt == MAX_ATTEMPTS) {
                    return new Handover.Unknown();
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } catch (ProcessingException e) {
                throw new IOException(e);
            }
        }
    }
}
