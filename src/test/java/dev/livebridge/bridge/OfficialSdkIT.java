package dev.livebridge.bridge;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** Against the package; the JavaScript checks, which run earlier, install the SDKs. */
@QuarkusIntegrationTest
class OfficialSdkIT extends OfficialSdkConversation {}
