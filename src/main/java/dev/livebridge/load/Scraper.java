package dev.livebridge.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Fetches the service's own figures. */
final class Scraper implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** HTTP/1.1, because the management port refuses the upgrade to HTTP/2 that Java's client asks for. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    private final URI page;

    Scraper(URI page) {
        this.page = page;
    }

    /**
     * Scrapes once.
     *
     * @throws LoadFailedException when there is nothing to be had
     */
    PrometheusPage scrape() throws LoadFailedException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page)
                .timeout(TIMEOUT)
                .header("Accept", "text/plain;version=0.0.4")
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new LoadFailedException("--metrics answered with status " + response.statusCode());
            }
            return PrometheusPage.read(response.body());
        } catch (IOException e) {
            throw new LoadFailedException("--metrics can't be reached: " + page);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
