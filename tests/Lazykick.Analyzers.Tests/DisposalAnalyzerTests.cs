namespace Lazykick.Analyzers.Tests;

public class DisposalAnalyzerTests
{
    [Theory]
    [InlineData("[|LKR001: s_domain.Register()|];")]
    [InlineData("_ = [|LKR001: s_domain.Register()|];")]
    [InlineData("RcuThread thread = [|LKR001: s_domain.Register()|]; thread.QuiescentState();")]
    [InlineData("[|LKR001: s_thread.EnterRead()|];")]
    [InlineData("ReadScope scope = [|LKR001: s_thread.EnterRead()|];")]
    [InlineData("using ReadScope scope = [|LKR001: s_domain.Register()|].EnterRead();")]
    [InlineData("Use(s_slot.Read([|LKR001: s_domain.EnterRead()|]).Span);")]
    [InlineData("Console.WriteLine(s_pointer.Read([|LKR001: s_thread.EnterRead()|])[0]);")]
    [InlineData("ByReference([|LKR001: s_domain.EnterRead()|]);")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; Use(s_slot.Read(scope).Span);")]
    public Task What_nothing_disposes_is_reported(string body) => Check.Body(body);

    [Theory]
    [InlineData("using RcuThread thread = s_domain.Register();")]
    [InlineData("using (RcuThread thread = s_domain.Register()) { }")]
    [InlineData("using (s_domain.Register()) { }")]
    [InlineData("RcuThread thread = s_domain.Register(); try { } finally { thread.Dispose(); }")]
    [InlineData("RcuThread thread = s_domain.Register(); GC.KeepAlive(thread);")]
    [InlineData("GC.KeepAlive(s_domain.Register());")]
    [InlineData("ReadScope scope = s_thread.EnterRead(); scope.Dispose();")]
    [InlineData("s_domain.Register().Dispose();")]
    [InlineData("ByValue(s_domain.EnterRead());")]
    [InlineData("var scope = s_domain.EnterRead(); Use(s_slot.Read(scope).Span); scope.Dispose();")]
    public Task What_is_disposed_or_handed_on_is_not(string body) => Check.Body(body);

    [Fact]
    public Task A_returned_registration_is_the_callers() => Check.Body("return s_domain.Register();", "RcuThread");

    [Theory]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; if (c) return; scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; if (c) scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; if (c) throw new Exception(); scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; _ = s_kept ?? throw new Exception(); scope.Dispose();")]
    [InlineData("while (Next()) { var scope = [|LKR001: s_domain.EnterRead()|]; if (c) continue; scope.Dispose(); }")]
    [InlineData("while (Next()) { var scope = [|LKR001: s_domain.EnterRead()|]; if (c) break; scope.Dispose(); }")]
    [InlineData("switch (n) { case 1: var scope = [|LKR001: s_domain.EnterRead()|]; if (c) break; "
        + "scope.Dispose(); break; }")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; if (c && d) scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; if (n > 0) scope.Dispose(); n++; "
        + "if (n <= 0) scope.Dispose();")]
    [InlineData("try { var scope = [|LKR001: s_domain.EnterRead()|]; Quick(); scope.Dispose(); } catch { Quick(); }")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; try { Quick(); } catch (Exception) { return; } "
        + "scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; try { Quick(); } catch { Quick(); throw; } "
        + "scope.Dispose();")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; try { if (c) return; } finally { if (d) "
        + "scope.Dispose(); "
        + "}")]
    [InlineData("ReadScope scope; scope = [|LKR001: s_domain.EnterRead()|]; Use(s_slot.Read(scope).Span);")]
    [InlineData("var scope = [|LKR001: s_domain.EnterRead()|]; scope = s_domain.EnterRead(); scope.Dispose();")]
    [InlineData("new Thread(() => { var scope = [|LKR001: s_domain.EnterRead()|]; if (c) return; scope.Dispose(); "
        + "}).Start();")]
    [InlineData("L(); void L() { var scope = [|LKR001: s_domain.EnterRead()|]; if (c) return; scope.Dispose(); }")]
    [InlineData("RcuThread thread = [|LKR001: s_domain.Register()|]; if (c) return; thread.Dispose();")]
    public Task What_is_disposed_on_some_paths_only_is_reported(string body) =>
        Check.Body(body, parameters: "bool c, bool d, int n");

    [Theory]
    [InlineData("var scope = s_domain.EnterRead(); try { if (c) return; Quick(); } finally { scope.Dispose(); }")]
    [InlineData("var scope = s_domain.EnterRead(); try { if (c) throw new Exception(); } finally { scope.Dispose(); }")]
    [InlineData("var scope = s_domain.EnterRead(); if (c) { scope.Dispose(); return; } scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); if (c) { scope.Dispose(); throw new Exception(); } "
        + "scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); if (c) scope.Dispose(); if (!c) scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); if (s_kept is null) scope.Dispose(); Quick(); "
        + "if (s_kept is not null) scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); if (n == 1) scope.Dispose(); if (n != 1) scope.Dispose();")]
    [InlineData("ReadScope scope = default; if (c) scope = s_domain.EnterRead(); Quick(); if (c) scope.Dispose();")]
    [InlineData("ReadScope scope = default; var open = false; if (c && d) { scope = s_domain.EnterRead(); open "
        + "= true; } "
        + "Quick(); if (open) scope.Dispose();")]
    [InlineData("ReadScope scope = default; try { if (c) scope = s_domain.EnterRead(); Quick(); } "
        + "finally { scope.Dispose(); }")]
    [InlineData("var scope = s_domain.EnterRead(); try { Quick(); } catch { scope.Dispose(); throw; } "
        + "scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); try { Quick(); } catch (Exception) { Quick(); } scope.Dispose();")]
    [InlineData("try { var scope = s_domain.EnterRead(); try { Quick(); } finally { scope.Dispose(); } } "
        + "catch (Exception) { Quick(); }")]
    [InlineData("try { using var scope = s_domain.EnterRead(); Quick(); } catch (Exception) { Quick(); }")]
    [InlineData("try { var scope = s_domain.EnterRead(); var view = s_slot.Read(scope); n = (int)view.Length; "
        + "scope.Dispose(); Quick(); } catch (Exception) { Quick(); }")]
    [InlineData("while (true) { var scope = s_domain.EnterRead(); if (c) { scope.Dispose(); break; } "
        + "scope.Dispose(); }")]
    [InlineData("var scope = s_domain.EnterRead(); while (Next()) { Quick(); } scope.Dispose();")]
    [InlineData("for (var i = 0; i < 3; i++) { var scope = s_domain.EnterRead(); Quick(); scope.Dispose(); }")]
    [InlineData("var scope = s_domain.EnterRead(); goto end; end: scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); switch (n) { case 1: scope.Dispose(); break; "
        + "default: scope.Dispose(); break; }")]
    [InlineData("var scope = s_domain.EnterRead(); if (c) Environment.FailFast(null); scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); if (c) { Environment.FailFast(null); return; } scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); using (scope) { if (c) return; }")]
    [InlineData("ReadScope scope; using (scope = s_domain.EnterRead()) { if (c) return; }")]
    [InlineData("var scope = s_domain.EnterRead(); scope.Dispose(); scope = s_domain.EnterRead(); scope.Dispose();")]
    [InlineData("var scope = s_domain.EnterRead(); Close(ref scope); static void Close(ref ReadScope open) { "
        + "open.Dispose(); }")]
    [InlineData("RcuThread thread = s_domain.Register(); if (c) { GC.KeepAlive(thread); return; } thread.Dispose();")]
    [InlineData("using var me = s_domain.Register(); new Thread(() => { using var scope = s_domain.EnterRead(); "
        + "if (c) throw new Exception(); }).Start();")]
    [InlineData("try { new Thread(() => { var scope = s_domain.EnterRead(); Quick(); scope.Dispose(); }).Start(); } "
        + "catch (Exception) { Quick(); }")]
    [InlineData("RcuThread thread = s_domain.Register(); s_action = () => thread.Dispose(); if (c) return;")]
    public Task What_is_disposed_on_every_path_is_not(string body) =>
        Check.Body(body, parameters: "bool c, bool d, int n");

    [Theory]
    [InlineData("var pin = [|LKR001: s_swap.Pin()|]; Console.WriteLine(pin!.Value.Length);")]
    [InlineData("var pin = [|LKR001: s_reference.Pin()|]; Console.WriteLine(pin?.Value.Length);")]
    [InlineData("Console.WriteLine([|LKR001: s_swap.Pin()|]!.Value.Length);")]
    [InlineData("Console.WriteLine([|LKR001: s_swap.Pin()|]?.Value.Length);")]
    [InlineData("[|LKR001: s_swap.Pin()|];")]
    [InlineData("var pin = [|LKR001: s_swap.Pin()|]; if (c) return; pin?.Dispose();")]
    [InlineData("var pin = [|LKR001: s_swap.Pin()|]; if (pin is null) return; if (c) return; pin.Dispose();")]
    public Task A_pin_that_is_not_disposed_is_reported(string body) => Check.Body(body, parameters: "bool c");

    [Theory]
    [InlineData("using var pin = s_swap.Pin(); Console.WriteLine(pin?.Value.Length);")]
    [InlineData("var pin = s_swap.Pin(); if (pin is null) return; pin.Dispose();")]
    [InlineData("var pin = s_swap.Pin(); if (pin == null) return; Console.WriteLine(pin.Value.Length); pin.Dispose();")]
    [InlineData("var pin = s_swap.Pin(); if (pin is not null) { Quick(); pin.Dispose(); }")]
    [InlineData("var pin = s_swap.Pin(); try { Quick(); } finally { pin?.Dispose(); }")]
    [InlineData("s_swap.Pin()?.Dispose();")]
    [InlineData("var pin = s_swap.Pin(); s_resource = pin;")]
    [InlineData("s_resource = s_swap.Pin();")]
    [InlineData("using (s_swap.Pin()) { Quick(); }")]
    public Task One_that_is_disposed_or_handed_on_is_not(string body) => Check.Body(body, parameters: "bool c");

    [Theory]
    [InlineData("if (c) return; scope.Dispose();", "not disposed where 'c' is true")]
    [InlineData("if (!c) scope.Dispose();", "not disposed where 'c' is true")]
    [InlineData("if (c) throw new Exception(); scope.Dispose();", "not disposed where 'throw new Exception();' leaves")]
    [InlineData("try { Quick(); scope.Dispose(); } catch { Quick(); }", "not disposed where an exception is caught")]
    [InlineData("Quick();", "never disposed")]
    public async Task The_message_tells_the_path(string body, string path) =>
        Assert.Equal(
            $"The result of 'EnterRead' is {path}: the scope stays open and no grace period ends; declare it with "
                + "'using'.",
            Assert.Single(await Check.Messages("var scope = s_domain.EnterRead(); " + body, "bool c"))
        );
}
