using System.Net;
using System.Net.Sockets;
using System.Text;
using Lazykick.Cli.Serve;

namespace Lazykick.Cli.Tests.Serve;

/// <summary>The server of <c>serve</c>: what it answers, and that its connections are bounded.</summary>
public sealed class MetricsServerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK", "text")]
    [InlineData("GET /metrics?a=b HTTP/1.0\r\n\r\n", "200 OK", "text")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "404 Not Found", "404")]
    [InlineData("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed", "405")]
    [InlineData("nonsense\r\n\r\n", "400 Bad Request", "400")]
    public async Task A_request_has_one_answer_and_the_connection_ends(string request, string status, string body)
    {
        using var server = Server(static () => "text"u8.ToArray());
        var answer = await Ask(server.Address, request);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        Assert.StartsWith(body, answer.Split("\r\n\r\n")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_has_no_body_and_a_long_head_is_refused()
    {
        using var server = Server(static () => "text"u8.ToArray());
        var answer = await Ask(server.Address, "HEAD /metrics HTTP/1.1\r\n\r\n");
        Assert.Contains("Content-Length: 4", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        answer = await Ask(server.Address, "GET /metrics HTTP/1.1\r\nX: " + new string('x', 8200));
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_is_answered_however_many_are_idle_and_few_of_these_are_held()
    {
        using var server = Server(static () => "text"u8.ToArray());
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 500; i++)
            {
                idle.Add(new TcpClient());
                await idle[^1].ConnectAsync(server.Address, Cancelled);
            }

            for (var i = 0; i < 20; i++)
            {
                var answer = await Ask(server.Address, "GET /metrics HTTP/1.1\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            }

            Assert.InRange(server.Waiting, 0, MetricsServer.MostConnections);
            // The first had to make room: its end is told at once, long before it would have taken too long.
            Assert.Equal(0, await ReadOrEnd(idle[0]));
        }
        finally
        {
            idle.ForEach(static one => one.Dispose());
        }
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_refused_at_once()
    {
        using var held = new ManualResetEventSlim();
        var inside = 0;
        using var server = Server(() =>
        {
            Interlocked.Increment(ref inside);
            held.Wait();
            return "text"u8.ToArray();
        });
        const string Request = "GET /metrics HTTP/1.1\r\n\r\n";
        var first = Enumerable
            .Range(0, MetricsServer.MostRequests)
            .Select(_ => Task.Run(() => Ask(server.Address, Request), Cancelled))
            .ToList();
        while (Volatile.Read(ref inside) < MetricsServer.MostRequests)
            await Task.Delay(10, Cancelled);
        var refused = await Ask(server.Address, Request);
        held.Set();
        Assert.StartsWith("HTTP/1.1 503", refused, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1", refused, StringComparison.Ordinal);
        foreach (var answer in await Task.WhenAll(first))
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await Ask(server.Address, Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_long_as_there_are_no_figures_a_scrape_fails()
    {
        byte[]? figures = null;
        using var server = Server(() => figures);
        const string Request = "GET /metrics HTTP/1.1\r\n\r\n";
        var early = await Ask(server.Address, Request);
        figures = "text"u8.ToArray();

        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", early, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", early, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await Ask(server.Address, Request), StringComparison.Ordinal);
    }

    private static MetricsServer Server(Func<byte[]?> metrics)
    {
        var server = new MetricsServer(new IPEndPoint(IPAddress.Loopback, 0), metrics);
        server.Start();
        return server;
    }

    private static async Task<string> Ask(IPEndPoint address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, Cancelled);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, Cancelled);
        }
        catch (IOException)
        {
            // A part of the request was not read: what was answered has come before.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }

    /// <summary>Waits for the end of a connection.</summary>
    private static async Task<int> ReadOrEnd(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], Cancelled);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
