// A certificate that signed itself, for localhost and 127.0.0.1, and its key. It protects nothing: it exists for these tests,
// and was made to last a hundred years.

export const certificate: string = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUOOIYnVnawYnLuuizqxpVWrV7HhowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAzNTQyMVoYDzIxMjYxMDI4
MDM1NDIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT6ixDo+ynCxhWRPf/X/Tgy3Clho/Rjij6yCKpa3EH0ufhSQ7YRRlpD
T7CkdFVVfJbMTxsLjtuq+fTxhsVzfxHXo28wbTAdBgNVHQ4EFgQUO+FU67s4D06k
ELcpRhzXokFnrK8wHwYDVR0jBBgwFoAUO+FU67s4D06kELcpRhzXokFnrK8wGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIhAPWiPb7orJddAP3YvE4FZRCr1Bx47xA3sa4NuMgW1x2IAiB/
Yl5GJWuFXT3Nvi2w3mcDFQ86v4jCK9ua6q+K3z4uBQ==
-----END CERTIFICATE-----
`;

export const key: string = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPBde4yH3mTzRVDQ6
dA3xHtcohc9I7eFmtcOhbkqbm8yhRANCAAT6ixDo+ynCxhWRPf/X/Tgy3Clho/Rj
ij6yCKpa3EH0ufhSQ7YRRlpDT7CkdFVVfJbMTxsLjtuq+fTxhsVzfxHX
-----END PRIVATE KEY-----
`;
