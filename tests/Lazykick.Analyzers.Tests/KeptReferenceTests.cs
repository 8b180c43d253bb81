namespace Lazykick.Analyzers.Tests;

/// <summary>A protected object that is kept in some other way than by a plain assignment.</summary>
public class KeptReferenceTests
{
    [Theory]
    [InlineData("System.IO.Stream m; using (var pin = s_swap.Pin()) m = pin!.Value; Console.WriteLine([|LKR002: "
        + "m|].Length);")]
    [InlineData("var pin = s_swap.Pin()!; var m = pin.Value; pin.Dispose(); Console.WriteLine([|LKR002: m|].Length);")]
    [InlineData("using var pin = s_reference.Pin(); s_stream = [|LKR002: pin!.Value|];")]
    [InlineData("if (s_swap.Pin() is { } pin) { var m = pin.Value; pin.Dispose(); Console.WriteLine([|LKR002: "
        + "m|].Length); }")]
    public Task What_a_pin_gave_is_reported_after_its_end(string body) => Check.Body(body);

    [Theory]
    [InlineData("using var pin = s_swap.Pin(); return [|LKR002: pin!.Value|];")]
    [InlineData("using var pin = s_swap.Pin(); var m = pin?.Value; return [|LKR002: m|];")]
    [InlineData("using var scope = s_domain.EnterRead(); var b = s_swap.Read(scope); "
        + "return [|LKR002: b.HasValue ? b.Value : null|];")]
    [InlineData("using var scope = s_domain.EnterRead(); return [|LKR002: s_swap.Read(scope).Value|];")]
    [InlineData("var scope = s_domain.EnterRead(); try { return [|LKR002: s_swap.Read(scope).Value|]; } "
        + "finally { scope.Dispose(); }")]
    public Task What_is_returned_is_reported(string body) => Check.Body(body, "System.IO.Stream?");

    [Theory]
    [InlineData("using var pin = s_swap.Pin(); Console.WriteLine(pin!.Value.Length);")]
    [InlineData("long n; using (var pin = s_swap.Pin()) n = pin!.Value.Length; Console.WriteLine(n);")]
    [InlineData("System.IO.Stream? m = null; using (var pin = s_swap.Pin()) { m = pin!.Value; "
        + "Console.WriteLine(m.Length); "
        + "} m = null; Console.WriteLine(m);")]
    [InlineData("System.IO.Stream? m; using (var pin = s_swap.Pin()) m = pin?.Value; Console.WriteLine(m is null);")]
    [InlineData("var pin = s_swap.Pin()!; s_stream = pin.Value; s_resource = pin;")]
    [InlineData("using var pin = s_swap.Pin(); s_stream = pin!.Value; Quick(); s_stream = System.IO.Stream.Null;")]
    public Task What_a_pin_gave_is_not_before_it(string body) => Check.Body(body);

    [Theory]
    [InlineData("(System.IO.Stream, int) t; using (var s = s_domain.EnterRead()) t = (s_swap.Read(s).Value, 1); "
        + "Console.WriteLine([|LKR002: t.Item1|].Length);")]
    [InlineData("System.IO.Stream m; using (var s = s_domain.EnterRead()) { (m, _) = (s_swap.Read(s).Value, 1); } "
        + "Console.WriteLine([|LKR002: m|].Length);")]
    [InlineData("System.IO.Stream? m = null; using (var s = s_domain.EnterRead()) { var b = s_swap.Read(s); "
        + "m = b.HasValue ? b.Value : null; } Console.WriteLine([|LKR002: m|]!.Length);")]
    [InlineData("System.IO.Stream? m = null; using (var s = s_domain.EnterRead()) { "
        + "if (s_swap.Read(s) is { HasValue: true, Value: var v }) m = v; } Console.WriteLine([|LKR002: m|]!.Length);")]
    [InlineData("var s = s_domain.EnterRead(); if (s_slot.Read(s) is var v && v.Length > 0) { s.Dispose(); "
        + "Use([|LKR002: v|].Span); } else { s.Dispose(); }")]
    [InlineData("var s = s_domain.EnterRead(); var h = new Holder { V = s_slot.Read(s) }; s.Dispose(); "
        + "Use([|LKR002: h|].V.Span);")]
    [InlineData("long* p; using (var s = s_domain.EnterRead()) { fixed (long* q = s_pointer.Read(s)) p = q; } "
        + "Console.WriteLine([|LKR002: p|][0]);")]
    [InlineData("var l = new System.Collections.Generic.List<System.IO.Stream>(); using (var s = s_domain.EnterRead()) "
        + "l.Add(s_swap.Read(s).Value); Console.WriteLine([|LKR002: l|][0].Length);")]
    [InlineData("using var s = s_domain.EnterRead(); s_list.Add([|LKR002: s_swap.Read(s).Value|]);")]
    [InlineData("System.Collections.Generic.IEnumerable<long> q; using (var s = s_domain.EnterRead()) { "
        + "var m = s_swap.Read(s).Value; q = System.Linq.Enumerable.Select(new[] { 1 }, _ => m.Length); } "
        + "foreach (var n in [|LKR002: q|]) Console.WriteLine(n);")]
    [InlineData("Func<long> f; using (var s = s_domain.EnterRead()) { var m = s_swap.Read(s).Value; f = () => "
        + "m.Length; } "
        + "Console.WriteLine([|LKR002: f|]());")]
    [InlineData("Task t; using (var s = s_domain.EnterRead()) t = s_swap.Read(s).Value.FlushAsync(); "
        + "[|LKR002: t|].ContinueWith(_ => { });")]
    [InlineData("using var s = s_domain.EnterRead(); given = [|LKR002: s_swap.Read(s).Value|];")]
    public Task What_is_kept_in_something_else_is_reported(string body) =>
        Check.Body(body, parameters: "ref System.IO.Stream given");

    [Theory]
    [InlineData("using var s = s_domain.EnterRead(); return [|LKR002: s_swap.Read(s).Value.FlushAsync()|];", "Task")]
    [InlineData("using var s = s_domain.EnterRead(); return [|LKR002: [s_swap.Read(s).Value]|];", "System.IO.Stream[]")]
    [InlineData("using var s = s_domain.EnterRead(); return [|LKR002: new { M = s_swap.Read(s).Value }|];", "object")]
    [InlineData("using var s = s_domain.EnterRead(); return [|LKR002: (s_swap.Read(s).Value, 1)|];",
        "(System.IO.Stream, int)")]
    public Task What_is_returned_in_something_else_is_reported(string body, string returns) =>
        Check.Body(body, returns);

    [Theory]
    [InlineData("(System.IO.Stream, int) t; using (var s = s_domain.EnterRead()) t = (s_swap.Read(s).Value, 1); "
        + "Console.WriteLine(t.Item2);")]
    [InlineData("var s = s_domain.EnterRead(); var h = new Holder { V = s_slot.Read(s), N = 1 }; s.Dispose(); "
        + "Console.WriteLine(h.N);")]
    [InlineData("using var s = s_domain.EnterRead(); var l = new System.Collections.Generic.List<System.IO.Stream> { "
        + "s_swap.Read(s).Value }; Console.WriteLine(l[0].Length);")]
    [InlineData("using var s = s_domain.EnterRead(); var d = new System.Collections.Generic.Dictionary<int, "
        + "System.IO.Stream>(); d[1] = s_swap.Read(s).Value; Console.WriteLine(d[1].Length);")]
    [InlineData("using var s = s_domain.EnterRead(); s_list.Add(s_swap.Read(s).Value); Quick(); s_list.Clear();")]
    [InlineData("var l = new System.Collections.Generic.List<System.IO.Stream>(); using (var s = "
        + "s_domain.EnterRead()) { "
        + "l.Add(s_swap.Read(s).Value); Quick(); l.Clear(); } Console.WriteLine(l.Count);")]
    [InlineData("using var s = s_domain.EnterRead(); var m = s_swap.Read(s).Value; "
        + "var q = System.Linq.Enumerable.ToArray(System.Linq.Enumerable.Select(new[] { 1 }, _ => m.Length)); "
        + "Console.WriteLine(q[0]);")]
    [InlineData("long[] q; using (var s = s_domain.EnterRead()) { var m = s_swap.Read(s).Value; "
        + "q = System.Linq.Enumerable.ToArray(System.Linq.Enumerable.Select(new[] { 1 }, _ => m.Length)); } "
        + "Console.WriteLine(q[0]);")]
    [InlineData("System.IO.Stream? m = null; using (var s = s_domain.EnterRead()) { m = s_swap.Read(s).Value; } "
        + "if (m is not null) Quick();")]
    [InlineData("using var o = s_domain.EnterRead(); System.IO.Stream m; using (var s = s_domain.EnterRead()) "
        + "m = s_swap.Read(s).Value; Console.WriteLine(m.Length);")]
    [InlineData("given = s_stream; using var s = s_domain.EnterRead(); given = s_swap.Read(s).Value; Quick(); "
        + "given = s_stream;")]
    [InlineData("System.IO.Stream m = s_stream; for (var i = 0; i < 2; i++) { using var s = s_domain.EnterRead(); "
        + "m = s_swap.Read(s).Value; Console.WriteLine(m.Length); }")]
    public Task What_stays_inside_is_not(string body) =>
        Check.Body(body, parameters: "ref System.IO.Stream given");

    [Theory]
    [InlineData("using var s = s_domain.EnterRead(); return (s_swap.Read(s).Value.Length, 1);", "(long, int)")]
    [InlineData("using var s = s_domain.EnterRead(); return Task.FromResult(s_swap.Read(s).Value.Length);",
        "Task<long>")]
    [InlineData("using var s = s_domain.EnterRead(); return s_swap.Read(s).Value.ToString();", "string?")]
    [InlineData("using var s = s_domain.EnterRead(); return [.. s_pointer.Read(s)];", "long[]")]
    [InlineData("using var s = s_domain.EnterRead(); return s_swap.Read(s) is { HasValue: true, Value.Length: > "
        + "0 };", "bool")]
    [InlineData("using var s = s_domain.EnterRead(); long best = 0; foreach (ref readonly var x in s_pointer.Read(s)) "
        + "{ if (x > best) best = x; } return best;", "long")]
    [InlineData("return s_swap.Pin();", "RcuPin<System.IO.Stream>?")]
    public Task What_is_copied_out_is_not(string body, string returns) => Check.Body(body, returns);
}
