import csv,sys,time
sys.path.insert(0,"tests")
import pytest
def test_gen(account_with, noon, data_folder, settings):
    from trust.test_permission_matrix import answers, Client, build_site
    from trust.matrix_cells import PEOPLE, served, outcome
    settings.DATA_DIR = data_folder
    people, objects = build_site(account_with)
    browsers = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for n,a in people.items(): browsers[n].force_login(a)
    l=people["deactivated"]; l.is_active=False; l.save()
    out=[]; t0=time.time(); slow={}
    for row in served():
        line={"method":row[0],"address":row[1]}
        for p in PEOPLE:
            t=time.time()
            try:
                got=[outcome(a) for m,a in answers(browsers[p],row,objects) if a.status_code!=405]
            except Exception as e: got=[f"EXC {type(e).__name__} {e}"[:60]]
            slow[row]=slow.get(row,0)+time.time()-t
            line[p]="|".join(dict.fromkeys(got))
        out.append(line)
    print("TIME",time.time()-t0, len(out))
    print(sorted(slow.items(), key=lambda x:-x[1])[:15])
    with open("/tmp/w/guard_matrix.csv","w",newline="") as f:
        w=csv.DictWriter(f,["method","address",*PEOPLE]); w.writeheader(); w.writerows(out)
